import { markdownTable } from '../report/markdown-table.js';
import { spread } from '../report/statistics.js';
import type { ScaleFigures, ScaleRun } from './figures.js';
import { costsOf } from './simulation/costs.js';

/** Names of commands that are told, most first. */
const MOST_NAMES = 8;

/** What real workers did on this machine. */
export function measuredSection(figures: ScaleFigures): string {
  const { runs, recording, chunkSeconds, overlapSeconds } = figures;
  const hashes = new Set(runs.map(({ transcriptHash }) => transcriptHash));
  return [
    '### Measured: real workers on this machine',
    `One recording of ${(recording.seconds / 60).toFixed(0)} min with speakers (${megabytes(recording.bytes)} of FLAC), in chunks of ${chunkSeconds} s that share ${overlapSeconds} s: one gateway that works on nothing itself, a Redis that writes every change to disk, workers with one engine of each kind and \`--concurrency 1\`. The gateway, Redis and the client run on the same cores, not pinned. From sending the recording until its final status. ${hashes.size === 1 ? 'All runs gave the same transcript.' : '**The runs gave different transcripts.**'}`,
    runsTable(figures),
    partsTable(figures),
    `Redis, most asked in the last run: ${namesOf(runs.at(-1))}.`,
  ].join('\n\n');
}

function runsTable({ runs, recording }: ScaleFigures): string {
  const rate = (run: ScaleRun) => recording.seconds / run.seconds;
  const [first] = runs;
  return markdownTable(
    ['workers', 'pinned', 'time', 'audio s/s', 'ratio', 'a chunk takes', 'merge'],
    runs.map((run) => [
      `${run.workers}`,
      run.pinning,
      `${run.seconds.toFixed(1)} s`,
      rate(run).toFixed(1),
      first ? `${(rate(run) / rate(first)).toFixed(2)}x` : '–',
      spread(
        run.chunks.map(({ workSeconds }) => workSeconds),
        ' s',
        2,
      ),
      `${run.mergeSeconds.toFixed(2)} s`,
    ]),
  );
}

/** What each part costs, as the simulation takes it. */
function partsTable(figures: ScaleFigures): string {
  const { runs, recording, cut, redis } = figures;
  const costs = costsOf(figures);
  const perChunk = (read: (run: ScaleRun) => number): string =>
    spread(
      runs.map((run) => read(run) / run.chunks.length),
      '',
      0,
    );
  return markdownTable(
    ['part', 'measured'],
    [
      ['chunks', `${runs[0]?.chunks.length ?? 0}`],
      [
        'cutting, alone: decoding, pauses, FLAC',
        `${(recording.seconds / cut.seconds).toFixed(0)}x real time`,
      ],
      ['audio of a chunk as FLAC', `${megabytes(cut.flacBytes / cut.chunks)}`],
      [
        'result of a chunk, with its share of the transcript',
        `${((costs.resultBytes * recording.seconds) / cut.chunks / 1000).toFixed(0)} kB`,
      ],
      ['gateway: taking the recording', `${(1 / costs.gatewaySeconds).toFixed(0)}x real time`],
      [
        'commands to Redis for each chunk, those inside scripts included',
        perChunk((run) => run.redis.commands),
      ],
      [
        'bytes to Redis and back for each chunk',
        `${perChunk((run) => run.redis.bytesIn)} and ${perChunk((run) => run.redis.bytesOut)}`,
      ],
      [
        'processor time of Redis for each chunk',
        `${spread(
          runs.map((run) => (run.redis.cpuSeconds / run.chunks.length) * 1000),
          ' ms',
          1,
        )}`,
      ],
      ['commands of an idle worker', `${redis.idleCommandsPerSecond.toFixed(1)} a second`],
      [
        'commands that Redis answers to 50 connections of one Node process',
        `${redis.commandsPerSecond.toFixed(0)} a second`,
      ],
    ],
  );
}

function namesOf(run: ScaleRun | undefined): string {
  return Object.entries(run?.redis.byName ?? {})
    .slice(0, MOST_NAMES)
    .map(([name, calls]) => `${name} ${calls}`)
    .join(', ');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
