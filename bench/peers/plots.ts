import { type BarChart, drawBarChart } from './bar-chart.js';
import { middle } from './bars.js';
import type { AccuracyRow, LongFigures, PeerFigures } from './figures.js';
import { SYSTEMS } from './stages.js';

export type Plot = {
  /** Name of its file. */
  readonly file: string;
  /** What it shows, for who does not see it. */
  readonly text: string;
  readonly svg: string;
};

type Group = BarChart['groups'][number];

/** What is measured, drawn; nothing of what is not. */
export function peerPlots({ asr, diarization, pipeline, accuracy }: PeerFigures): Plot[] {
  const speed = [
    ...(pipeline ? [speedGroup('Words with speakers', pipeline)] : []),
    ...(asr ? [speedGroup('Words with times', asr)] : []),
    ...(diarization ? [speedGroup('Speakers alone', diarization)] : []),
  ];
  const memory = pipeline ? [memoryGroup(pipeline)] : [];
  const errors = accuracy
    ? [
        errorGroup('cpWER, made conversations', accuracy.systems, (row) => row.sets.made?.cpWer),
        errorGroup('WER, made conversations', accuracy.systems, (row) => row.sets.made?.wer),
        errorGroup('DER, made conversations', accuracy.diarizers, (row) => row.sets.made?.der),
        errorGroup('DER, real meetings', accuracy.diarizers, (row) => row.sets.ami?.der),
      ]
    : [];
  return [
    ...plot('benchmarks-speed.svg', speed, {
      title: 'Speed',
      subtitle: 'Seconds of audio in a second, same machine, same run. Longer is better.',
      show: (value) => `${value.toFixed(1)}x`,
    }),
    ...plot('benchmarks-errors.svg', errors, {
      title: 'Errors',
      subtitle: 'Share of words, or of the time of speech. Shorter is better.',
      show: (value) => value.toFixed(3),
    }),
    ...plot('benchmarks-memory.svg', memory, {
      title: 'Peak memory',
      subtitle: 'All processes, shared pages once, the long recording. Shorter is better.',
      show: (value) => `${value.toFixed(0)} MB`,
    }),
  ];
}

function plot(file: string, groups: readonly Group[], chart: Omit<BarChart, 'groups'>): Plot[] {
  const filled = groups.filter(({ bars }) => bars.length > 0);
  if (filled.length === 0) return [];
  return [
    {
      file,
      text: `${chart.title}. ${chart.subtitle}`,
      svg: drawBarChart({ ...chart, groups: filled }),
    },
  ];
}

function speedGroup(name: string, { rows, seconds }: LongFigures): Group {
  return group(
    name,
    rows.map((row) => ({ row, value: seconds / middle(row, 'wallSeconds') })),
  );
}

function memoryGroup({ rows }: LongFigures): Group {
  return group(
    'Words with speakers',
    rows.map((row) => ({ row, value: middle(row, 'peakPssBytes') / 1e6 })),
  );
}

function errorGroup(
  name: string,
  rows: readonly AccuracyRow[],
  of: (row: AccuracyRow) => number | undefined,
): Group {
  return group(
    name,
    rows.map((row) => ({ row, value: of(row) ?? Number.NaN })),
  );
}

function group(
  name: string,
  values: readonly { row: { readonly id: string; readonly label: string }; value: number }[],
): Group {
  return {
    name,
    bars: values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ row: { id, label }, value }) => ({
        name: SYSTEMS.find((system) => system.id === id)?.short ?? label,
        value,
        isOurs: id.startsWith('ours'),
      })),
  };
}
