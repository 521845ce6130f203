import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { forkAskingChild } from '../../../bench/support/asking-child.js';
import { testFolder } from '../../support/paths.js';
import { isRunning } from '../../support/processes.js';

/** Answers with twice the number; ends with a complaint when it is asked for 0. */
const doubling = `
  process.on('message', (number) => {
    if (number === 0) { process.stderr.write('zero is too much for me', () => process.exit(7)); return; }
    process.send(2 * number);
  });
`;

describe('a child that is asked', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let module: URL;
  before(async () => {
    folder = await testFolder();
    const path = join(folder.path, 'doubling.mjs');
    await writeFile(path, doubling);
    module = pathToFileURL(path);
  });
  after(() => folder.remove());

  it('answers one question after the other, and is gone when stopped', async () => {
    const child = forkAskingChild<number, number>({ module, name: 'doubling' });
    assert.equal(await child.ask(2), 4);
    assert.equal(await child.ask(21), 42);
    await child.stop();
    await child.stop();
    assert.equal(isRunning(child.pid), false);
  });

  it('rejects with its last words when it ends, then and ever after', async () => {
    const child = forkAskingChild<number, number>({ module, name: 'doubling' });
    await assert.rejects(child.ask(0), /doubling's process ended with code 7\.\nzero is too much/);
    await assert.rejects(child.ask(1), /ended with code 7/);
    await child.stop();
  });
});
