import type { Bar } from '../report/bars.js';
import { median } from '../report/statistics.js';
import type { AccuracyFigures, LongFigures, ModelsFigures, PeerFigures, Row } from './figures.js';
import type { Spent } from './measure-work.js';
import type { RecordingSet } from './recordings.js';
import type { Scores } from './score.js';

/** What ours has to reach, in the order of docs/benchmarks.md. */
export function peerBars(figures: PeerFigures): Bar[] {
  const { asr, diarization, pipeline, models, accuracy, growth } = figures;
  return [
    ...speedBars({
      what: 'words with speakers, (a) with beam 5',
      value: pipeline && ratio(pipeline, 'python-beam5'),
      bar: 4,
      stretch: 5,
    }),
    ...speedBars({
      what: 'words with times, faster-whisper with beam 5',
      value: asr && ratio(asr, 'whisper-beam5'),
      bar: 2.8,
      stretch: 3.3,
    }),
    ...speedBars({
      what: 'words with times, faster-whisper with beam 1',
      value: asr && ratio(asr, 'whisper-beam1'),
      bar: 1.7,
      stretch: 2,
    }),
    ...speedBars({
      what: "speakers, sherpa-onnx's",
      value: diarization && ratio(diarization, 'sherpa-diarization'),
      bar: 6,
      stretch: 8,
    }),
    {
      what: 'pipeline, wall time against the models alone on all cores',
      value: models && againstModels(models),
      limit: { atMost: 1.15 },
      unit: 'x',
    },
    {
      what: `cost of the last hour against the first (${growth?.hours.length ?? 6} hours)`,
      value:
        growth &&
        (growth.hours.at(-1)?.cpuSeconds ?? Number.NaN) /
          (growth.hours[0]?.cpuSeconds ?? Number.NaN),
      limit: { atMost: 1.03 },
      unit: 'x',
    },
    ...accuracyBars(accuracy),
    {
      what: "peak memory of all processes against (a)'s with beam 5",
      value: pipeline && memoryRatio(pipeline),
      limit: { atMost: 1 },
      unit: 'x',
    },
  ];
}

function accuracyBars(accuracy: AccuracyFigures | undefined): Bar[] {
  const of = (
    id: string,
    set: RecordingSet,
    field: 'wer' | 'cpWer' | 'der',
  ): number | undefined => {
    const row = accuracy?.systems.find((each) => each.id === id);
    const scores: Scores | undefined = row?.sets[set];
    // Fewer recordings are another figure.
    return accuracy?.isComplete ? scores?.[field] : undefined;
  };
  return [
    {
      what: "WER, made; the bar is faster-whisper's with beam 5",
      value: of('ours', 'made', 'wer'),
      limit: { atMost: of('python-beam5', 'made', 'wer') ?? Number.NaN },
      digits: 4,
    },
    { what: 'cpWER, made', value: of('ours', 'made', 'cpWer'), limit: { atMost: 0.07 }, digits: 4 },
    { what: 'DER, made', value: of('ours', 'made', 'der'), limit: { atMost: 0.04 }, digits: 4 },
    { what: 'DER, ami', value: of('ours', 'ami', 'der'), limit: { atMost: 0.225 }, digits: 4 },
  ];
}

function speedBars({
  what,
  value,
  bar,
  stretch,
}: {
  what: string;
  value: number | undefined;
  bar: number;
  stretch: number;
}): Bar[] {
  return [
    { what: `${what}: times faster`, value, limit: { atLeast: bar }, unit: 'x' },
    { what: '… the same, as far as we would like', value, limit: { atLeast: stretch }, unit: 'x' },
  ];
}

/** How many times as long a contender takes as ours, by wall time. NaN where either failed. */
export function ratio({ rows }: Pick<LongFigures, 'rows'>, id: string): number {
  return middle(rowOf(rows, id), 'wallSeconds') / middle(rows[0], 'wallSeconds');
}

/** The same by processor time. */
export function cpuRatio({ rows }: Pick<LongFigures, 'rows'>, id: string): number {
  return middle(rowOf(rows, id), 'cpuSeconds') / middle(rows[0], 'cpuSeconds');
}

export function middle(
  row: Row | undefined,
  field: keyof Spent & ('wallSeconds' | 'cpuSeconds' | 'peakPssBytes' | 'peakRssBytes'),
): number {
  return median((row?.runs ?? []).flatMap((spent) => spent[field] ?? []));
}

function againstModels({ runs, models, cores }: ModelsFigures): number {
  const alone = median(models.map(({ cpuSeconds }) => cpuSeconds)) / cores;
  return median(runs.map(({ wallSeconds }) => wallSeconds)) / alone;
}

/** The highest of all of ours against the highest of theirs. */
function memoryRatio({ rows }: LongFigures): number {
  const most = (row: Row | undefined) =>
    Math.max(...(row?.runs ?? []).map(({ peakPssBytes = Number.NaN }) => peakPssBytes));
  return most(rows[0]) / most(rowOf(rows, 'python-beam5'));
}

function rowOf(rows: readonly Row[], id: string): Row | undefined {
  return rows.find((row) => row.id === id);
}
