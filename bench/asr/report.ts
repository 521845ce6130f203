import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { median, spread } from '../report/statistics.js';
import type { MemoryPeaks } from '../support/process-memory.js';
import type { AsrMeasurements } from './measure.js';

/** The measurements as Markdown. Speed is seconds of the whole recording for each second of waiting. */
export function reportAsr(environment: string, measured: AsrMeasurements): string {
  const { recording, hosts, threads } = measured;
  const speeds = (times: readonly number[]) => times.map((ms) => (recording.seconds * 1000) / ms);
  const ours = speeds(measured.engineMs);
  const detectedMs = withDetection(measured);
  const rows: [string, readonly number[]][] = [
    [`engine alone, recognition (${hosts} hosts, ${threads} threads in all)`, ours],
    ['speech detection alone', speeds(measured.detectMs)],
    ['engine alone with speech detection', speeds(detectedMs)],
    ['over HTTP (decoding and detection included)', speeds(measured.httpMs)],
    ...measured.rivals.map(({ mode, elapsedMs }): [string, readonly number[]] => [
      `sherpa-onnx-node, segments ${mode}, ${threads} threads in all`,
      speeds(elapsedMs),
    ]),
  ];
  return [
    '## Recognition speed and memory',
    environment,
    `${recording.name}, ${recording.seconds.toFixed(0)} s, cut by the pipeline into ${measured.segments} segments with ${measured.segmentSeconds.toFixed(0)} s of audio. ` +
      `Medians of ${measured.engineMs.length} (range), measured in turns; ratios are of the same turn.`,
    markdownTable(
      ['what', 'times real time', 'engine alone against it'],
      rows.map(([what, values]) => [what, spread(values, 'x'), ratioText(ours, values)]),
    ),
    ...measured.rivals.flatMap(({ mode, problem }) =>
      problem === undefined ? [] : [`sherpa-onnx-node, segments ${mode}, failed: ${problem}`],
    ),
    measured.memory === undefined
      ? 'Memory is measured on Linux only.'
      : memoryTable(measured.memory),
    barTable(bars(measured)),
  ]
    .filter((section) => section !== '')
    .join('\n\n');
}

/** The engine's whole work on a recording: both of its models, one after the other. */
function withDetection({ engineMs, detectMs }: AsrMeasurements): number[] {
  return engineMs.map((ms, turn) => ms + (detectMs[turn] ?? 0));
}

function ratios(ours: readonly number[], theirs: readonly number[]): number[] {
  return theirs.flatMap((value, turn) => (ours[turn] === undefined ? [] : [ours[turn] / value]));
}

function ratioText(ours: readonly number[], theirs: readonly number[]): string {
  return ours === theirs ? '' : spread(ratios(ours, theirs), 'x', 2);
}

function memoryTable({ processes, peakTotalPssBytes, peakTotalRssBytes }: MemoryPeaks): string {
  const sum = processes.reduce((total, process) => total + process.peakRssBytes, 0);
  return markdownTable(
    ['process of the server', 'peak memory (MB)'],
    [
      ...processes.map(({ name, pid, peakRssBytes }) => [
        `${name} (${pid}), VmHWM`,
        megabytes(peakRssBytes),
      ]),
      ['sum of these peaks, whenever they were', megabytes(sum)],
      ['highest sum of RSS at one moment', megabytes(peakTotalRssBytes)],
      ['highest sum of PSS at one moment (shared pages once)', megabytes(peakTotalPssBytes)],
    ],
  );
}

function bars(measured: AsrMeasurements): Bar[] {
  const { engineMs, httpMs, rivals, memory } = measured;
  const oneByOne = rivals.find(({ mode }) => mode === 'one by one')?.elapsedMs ?? [];
  // A ratio of speeds is the inverse ratio of times.
  return [
    {
      what: 'engine against sherpa-onnx-node, one by one',
      value: medianOrNothing(oneByOne.length === 0 ? [] : ratios(oneByOne, engineMs)),
      limit: { atLeast: 2.2 },
      unit: 'x',
    },
    {
      what: 'HTTP against engine alone, recognition',
      value: medianOrNothing(ratios(engineMs, httpMs)),
      limit: { atLeast: 0.95 },
      unit: 'x',
    },
    {
      what: 'HTTP against engine alone with speech detection',
      value: medianOrNothing(ratios(withDetection(measured), httpMs)),
      limit: { atLeast: 0.95 },
      unit: 'x',
    },
    {
      what: 'peak memory of all processes (highest sum of RSS)',
      value: memory === undefined ? undefined : memory.peakTotalRssBytes / 1e9,
      limit: { atMost: 1.6 },
      unit: ' GB',
    },
  ];
}

function medianOrNothing(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(values);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
