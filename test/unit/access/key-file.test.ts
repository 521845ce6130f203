import assert from 'node:assert/strict';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type KeyFile, KeyFileError, openKeyFile } from '#src/access/key-file.js';
import { hashKey } from '#src/access/key-ring.js';
import type { Logger } from '#utils/logging/logger.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../support/paths.js';
import { eventually } from '../../support/processes.js';

const hexOf = (key: string) => hashKey(key).toString('hex');
const hasKey = (file: KeyFile, key: string) =>
  file.hashes().some((hash) => hash.equals(hashKey(key)));

/** Waits until keys are looked up in what the file says now. */
const untilKeys = (file: KeyFile, expected: readonly string[]) =>
  eventually(`the keys are ${expected}`, () => {
    const all = ['a', 'b', 'c'].filter((key) => hasKey(file, key));
    return all.join() === expected.join();
  });

describe('a file of keys', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
  });
  const opened: KeyFile[] = [];
  after(async () => {
    for (const file of opened) file.close();
    await folder.remove();
  });

  const write = async (name: string, text: string): Promise<string> => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  };
  const replace = async (path: string, text: string): Promise<void> => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  const open = async (path: string, logger: Logger = silentLogger) => {
    const file = await openKeyFile({ path, logger, recheckMs: 5 });
    opened.push(file);
    return file;
  };

  it('has hashes in any case, comments and empty lines, with any ends of line', async () => {
    const text = `# team\r\n${hexOf('a')}  # alice\r\n\n  ${hexOf('b').toUpperCase()}\n`;
    const file = await open(await write('good.txt', text));
    assert.equal(file.hashes().length, 2);
    assert.ok(hasKey(file, 'a') && hasKey(file, 'b') && !hasKey(file, 'c'));
  });

  it('is refused at the start with the number of a wrong line, but not what it says', async () => {
    const path = await write('bad.txt', `${hexOf('a')}\nsk-a-real-key\n`);
    await assert.rejects(open(path), new KeyFileError('it has no such hash in line 2'));
  });

  it('is refused at the start when it is not there', async () => {
    await assert.rejects(open(join(folder.path, 'nowhere.txt')), /cannot be read \(ENOENT\)/);
  });

  it('lets in and shuts out as it changes', async () => {
    const path = await write('changing.txt', hexOf('a'));
    const file = await open(path);
    await writeFile(path, `${hexOf('b')}\n${hexOf('c')}\n`);
    await untilKeys(file, ['b', 'c']);
  });

  it('keeps its good lines when it changes to have wrong ones, and says which are wrong', async () => {
    const path = await write('damaged.txt', hexOf('a'));
    const said: unknown[] = [];
    const file = await open(path, {
      ...silentLogger,
      error: (_message, fields) => said.push(fields),
    });
    // In one step: a file that is being written may be seen empty.
    await replace(path, `nonsense\n${hexOf('b')}\n`);
    await untilKeys(file, ['b']);
    assert.deepEqual(said, [{ lines: [1] }]);
  });

  it('keeps its last keys while it cannot be read, says so once, and takes it up again', async () => {
    const path = await write('vanishing.txt', hexOf('a'));
    const said: string[] = [];
    const file = await open(path, { ...silentLogger, error: (message) => said.push(message) });
    await rm(path);
    await eventually('it is said', () => said.length === 1);
    // A few more looks.
    await pause(50);
    assert.ok(hasKey(file, 'a'));
    assert.equal(said.length, 1);
    await replace(path, hexOf('b'));
    await untilKeys(file, ['b']);
  });
});
