import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { type MemorySample, pssOf, rssOf } from '../support/memory-log.js';
import type { MadeRecording } from './made-recording.js';
import type { LongWatch } from './measure.js';
import type { LongScore } from './score.js';
import { type Part, partsOf, samplesOf } from './timeline.js';

export type LongFigures = {
  readonly recording: Pick<MadeRecording, 'seconds' | 'source'>;
  /** What was asked for; more than was measured where the rest is extrapolated. */
  readonly hours: number;
  readonly watch: LongWatch;
  readonly score: LongScore;
};

const HOUR_SECONDS = 3600;
const TENTHS = 10;
const MORE_MEMORY_AT_MOST = 1.05;
const MOST_MEMORY_GB = 2;
const LAST_TENTH_AT_LEAST = 0.95;

/** One long recording over the real endpoint, as Markdown. */
export function reportLongRecording(environment: string, figures: LongFigures): string {
  const { recording, watch, hours } = figures;
  const { seconds, source } = recording;
  const tenths = parts(figures, seconds / TENTHS);
  const measuredHours = seconds / HOUR_SECONDS;
  return [
    '## A recording of many hours',
    environment,
    `${hoursText(seconds)} made of the turns of ${source.name} in a new order again and again, sent while it is made to ` +
      'a running server (`whosaid serve`), with speakers and times of words; one answer, no stream.',
    markdownTable(['what', ''], totals(figures)),
    `### Over time, by ${measuredHours > TENTHS ? 'hours' : 'tenths'} of the recording`,
    timeTable(measuredHours > TENTHS ? parts(figures, HOUR_SECONDS) : tenths, watch.memory),
    'Resident sets count shared pages in every process, `shared once` (PSS) counts them once. The last row ends with the answer.',
    ...(hours > measuredHours ? [extrapolation(figures, tenths)] : []),
    barTable(bars(figures, tenths)),
  ].join('\n\n');
}

function parts({ recording, watch }: LongFigures, partSeconds: number): Part[] {
  const { sentMs, answeredMs } = watch.answer;
  const { seconds } = recording;
  const span = { startMs: sentMs, endMs: answeredMs };
  return partsOf({ points: watch.progress, seconds, partSeconds, ...span });
}

function totals({ recording, watch, score }: LongFigures): string[][] {
  const { sentFromMs, sentMs, answeredMs, body } = watch.answer;
  const { words, speakers, rightSpeaker } = score;
  const { seconds } = recording;
  const reached = watch.progress.find(({ audioSeconds }) => audioSeconds >= seconds - 1);
  const replaced = hostsOf(watch.memory);
  return [
    ['upload (s)', ((sentMs - sentFromMs) / 1000).toFixed(0)],
    ['from the end of the upload to the answer (s)', ((answeredMs - sentMs) / 1000).toFixed(0)],
    ['times real time', `${((seconds * 1000) / (answeredMs - sentMs)).toFixed(1)}x`],
    [
      'of it after the last word was recognised (s)',
      reached === undefined ? '–' : ((answeredMs - reached.atMs) / 1000).toFixed(1),
    ],
    ['answer (MB)', megabytes(Buffer.byteLength(body))],
    ['WER', words.rate.toFixed(4)],
    ['DER of the segments', speakers.rate.toFixed(4)],
    ['right words with the right speaker', `${(100 * rightSpeaker).toFixed(2)} %`],
    ['speakers found / there', `${speakers.hypothesisSpeakers} / ${speakers.referenceSpeakers}`],
    ['processes that were seen, by what they run', replaced],
    ['seconds without an answer on /metrics', String(watch.missed)],
  ];
}

/** "2 × node engine-host-main.js, …": more than the server has at one time means that some were replaced. */
function hostsOf(samples: readonly MemorySample[]): string {
  const pids = new Map<string, Set<number>>();
  for (const { processes } of samples)
    for (const { name, pid } of processes) pids.set(name, (pids.get(name) ?? new Set()).add(pid));
  return [...pids].map(([name, found]) => `${found.size} × ${name}`).join(', ') || '–';
}

function timeTable(rows: readonly Part[], samples: readonly MemorySample[]): string {
  const names = [...new Set(samples.flatMap(({ processes }) => processes.map(({ name }) => name)))];
  return markdownTable(
    ['audio (min)', 'took (s)', 'speed', 'all (MB)', 'highest', 'shared once', ...names],
    rows.map((part) => {
      const inside = samplesOf(samples, part);
      const mean = (of: (sample: MemorySample) => number) => megabytes(meanOf(inside.map(of)));
      return [
        `${minutes(part.from)} – ${minutes(part.to)}`,
        ((part.toMs - part.fromMs) / 1000).toFixed(0),
        `${part.speed.toFixed(1)}x`,
        mean((sample) => rssOf(sample)),
        megabytes(Math.max(...inside.map((sample) => rssOf(sample)))),
        mean((sample) => pssOf(sample)),
        ...names.map((name) => mean((sample) => rssOf(sample, name))),
      ];
    }),
  );
}

function extrapolation({ hours, recording, watch }: LongFigures, tenths: readonly Part[]): string {
  const { sentMs, answeredMs } = watch.answer;
  const factor = (hours * HOUR_SECONDS) / recording.seconds;
  const wholeHours = (factor * (answeredMs - sentMs)) / 3_600_000;
  const lastHours = hours / (tenths.at(-1)?.speed ?? Number.NaN);
  return (
    `**Extrapolated, not measured:** ${hours} hours would take ${wholeHours.toFixed(2)} hours at the speed of all of it, ` +
    `${lastHours.toFixed(2)} at that of the last tenth. Everything else on this page is about the ${hoursText(recording.seconds)} that were measured.`
  );
}

function bars(figures: LongFigures, tenths: readonly Part[]): Bar[] {
  const { watch, score, recording } = figures;
  const [one, two] = parts(figures, HOUR_SECONDS).map((hour) =>
    samplesOf(watch.memory, hour).map((sample) => rssOf(sample)),
  );
  const isWatched = watch.memory.length > 0;
  const ratio = (of: (values: readonly number[]) => number) =>
    one && two && isWatched ? of(two) / of(one) : undefined;
  const [first, last] = [tenths[0], tenths.at(-1)];
  const memory = { limit: { atMost: MORE_MEMORY_AT_MOST }, unit: 'x', digits: 3 };
  const { hypothesisSpeakers, referenceSpeakers } = score.speakers;
  return [
    {
      what: 'resident memory of all processes, hour 2 against hour 1, mean',
      value: ratio(meanOf),
      ...memory,
    },
    { what: 'the same, highest', value: ratio((values) => Math.max(...values)), ...memory },
    {
      what: 'resident memory of all processes, highest',
      value: isWatched ? Math.max(...watch.memory.map((sample) => rssOf(sample))) / 1e9 : undefined,
      limit: { atMost: MOST_MEMORY_GB },
      unit: ' GB',
    },
    {
      what: 'speed, last tenth against first tenth',
      value: first && last && last.speed / first.speed,
      limit: { atLeast: LAST_TENTH_AT_LEAST },
      unit: 'x',
    },
    {
      what: `speakers too many or too few in ${hoursText(recording.seconds)}`,
      value: Math.abs(hypothesisSpeakers - referenceSpeakers),
      limit: { atMost: 0 },
      digits: 0,
    },
  ];
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function hoursText(seconds: number): string {
  return `${Number((seconds / HOUR_SECONDS).toFixed(2))} h`;
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(0);
}

function megabytes(bytes: number): string {
  return Number.isFinite(bytes) ? (bytes / 1e6).toFixed(0) : '–';
}
