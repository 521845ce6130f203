import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { assignSpeakers } from '../../../bench/peers/assign-speakers.js';
import { drawBarChart } from '../../../bench/peers/bar-chart.js';
import { peerBars } from '../../../bench/peers/bars.js';
import { fallenKinds } from '../../../bench/peers/guard-ratios.js';
import { startAskingScript } from '../../../bench/support/asking-script.js';
import { cpuBetween } from '../../../bench/support/cpu-time.js';
import { testFolder } from '../../support/paths.js';
import { isRunning } from '../../support/processes.js';

describe('words of one program with turns of another', () => {
  const turns = [
    { speaker: 'A', start: 0, end: 2 },
    { speaker: 'B', start: 1.5, end: 4 },
    { speaker: 'A', start: 10, end: 11 },
  ];
  const speakerOf = (start: number, end: number) =>
    assignSpeakers([{ text: 'word', start, end }], turns)[0]?.speaker;

  it('a word has the speaker whose turns it overlaps longest', () => {
    assert.equal(speakerOf(1, 1.8), 'A');
    assert.equal(speakerOf(1.4, 3), 'B');
  });

  it('a word beside all turns has the speaker of the nearest', () => {
    assert.equal(speakerOf(5, 5.5), 'B');
    assert.equal(speakerOf(9, 9.5), 'A');
  });

  it('without turns words have no speaker', () => {
    assert.deepEqual(assignSpeakers([{ text: 'word', start: 0, end: 1 }], []), [
      { text: 'word', start: 0, end: 1 },
    ]);
  });
});

describe('the guard', () => {
  const recorded = { recognition: 4, speakers: 8, both: 6 };

  it('counts a ratio as fallen when it is more than 25 % lower in every try', () => {
    const low = { recognition: 2.9, speakers: 8, both: 6 };
    assert.deepEqual(fallenKinds([low, low, low], recorded), ['recognition']);
    assert.deepEqual(fallenKinds([low, { ...low, recognition: 3 }, low], recorded), []);
  });
});

describe('processor time between two readings', () => {
  it('counts what a child used that ended meanwhile once', () => {
    const before = new Map([
      [1, { name: 'server', own: 10, ended: 0 }],
      [2, { name: 'decoder', own: 3, ended: 0 }],
    ]);
    const after = new Map([[1, { name: 'server', own: 11, ended: 5 }]]);
    assert.equal(cpuBetween(before, after).seconds, 3);
  });

  it('adds up processes of one name', () => {
    const host = (own: number) => ({ name: 'host', own, ended: 0 });
    const before = new Map([[1, host(1)]]);
    const after = new Map([
      [1, host(2)],
      [2, host(4)],
    ]);
    assert.deepEqual(cpuBetween(before, after), {
      seconds: 5,
      byName: [{ name: 'host', seconds: 5 }],
    });
  });
});

describe('bars of the comparison', () => {
  const run = (wallSeconds: number, peakPssBytes: number) => ({
    wallSeconds,
    cpuSeconds: wallSeconds,
    peakPssBytes,
  });
  const row = (id: string, walls: readonly number[], bytes: number) => ({
    id,
    label: id,
    scores: {},
    runs: walls.map((wall) => run(wall, bytes)),
  });

  it('compare medians of the same run, and are not measured where a part was not', () => {
    const bars = peerBars({
      pipeline: {
        environment: '',
        recording: '',
        seconds: 60,
        rows: [row('ours', [1, 2, 9], 50), row('python-beam5', [10], 100)],
      },
      models: {
        environment: '',
        recording: '',
        seconds: 60,
        runs: [run(1, 50), run(3, 50)],
        models: [{ cpuSeconds: 3.2, kinds: [] }],
        cores: 2,
      },
    });
    const figureOf = (start: string) => bars.find(({ what }) => what.startsWith(start))?.value;
    assert.equal(figureOf('words with speakers'), 5);
    assert.equal(figureOf('pipeline, wall time'), 1.25);
    assert.equal(figureOf('peak memory'), 0.5);
    assert.equal(figureOf('speakers'), undefined);
    assert.equal(figureOf('cpWER'), undefined);
  });
});

describe('a bar chart', () => {
  it('says in words what it shows, and escapes names', () => {
    const svg = drawBarChart({
      title: 'Speed',
      subtitle: 'Longer is better',
      show: (value) => `${value}x`,
      groups: [{ name: 'A & B', bars: [{ name: 'ours <1>', value: 2, isOurs: true }] }],
    });
    assert.match(svg, /<desc[^>]*>A &amp; B: ours &lt;1&gt; 2x<\/desc>/);
    assert.match(svg, /prefers-color-scheme: dark/);
  });
});

describe('a script that is asked', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let path: string;
  before(async () => {
    folder = await testFolder();
    path = join(folder.path, 'doubling.mjs');
    await writeFile(
      path,
      `import { createInterface } from 'node:readline';
       for await (const line of createInterface({ input: process.stdin })) {
         if (line === '0') { process.stderr.write('zero is too much for me', () => process.exit(7)); continue; }
         process.stdout.write(JSON.stringify(2 * JSON.parse(line)) + '\\n');
       }`,
    );
  });
  after(() => folder.remove());
  const start = () =>
    startAskingScript<number, number>({
      command: process.execPath,
      args: [path],
      name: 'doubling',
    });

  it('answers one question after the other, and is gone when stopped', async () => {
    const script = start();
    assert.equal(await script.ask(2), 4);
    assert.equal(await script.ask(21), 42);
    await script.stop();
    await script.stop();
    assert.equal(isRunning(script.pid), false);
  });

  it('rejects with its last words when it ends, then and ever after', async () => {
    const script = start();
    await assert.rejects(script.ask(0), /doubling's process ended with code 7\.\nzero is too much/);
    await assert.rejects(script.ask(1), /ended with code 7/);
    await script.stop();
  });

  it('rejects when there is no such program', async () => {
    const script = startAskingScript({ command: '/nonexistent/python', args: [], name: 'nobody' });
    await assert.rejects(script.ask({}), /nobody's process ended with .*ENOENT/);
    await script.stop();
  });
});
