import type { Bar } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import type { GateDecisions } from './gate.js';
import type { Heard } from './measure.js';

/** Word errors fall by at least so much, relative, at 0 dB. */
const LEAST_GAIN = 0.15;

type Row = Pick<Heard, 'noise' | 'decibels'>;

const WAYS = ['as it is', 'asr', 'both'] as const;

/** A row for each noise and ratio, all recordings of it taken together. */
export function noiseTable(heard: readonly Heard[]): string {
  const rows = [
    ...new Map(
      heard.map(({ noise, decibels }) => [`${noise} ${decibels}`, { noise, decibels }]),
    ).values(),
  ];
  return markdownTable(
    [
      'noise',
      'ratio',
      'steps enhanced',
      'WER as it is',
      'WER enhanced',
      'change',
      'DER as it is',
      'DER asr',
      'DER both',
    ],
    rows.map((row) => {
      const [plain, enhanced] = [
        wordErrorRate(heard, row, 'as it is'),
        wordErrorRate(heard, row, 'asr'),
      ];
      const own = of(heard, row, 'asr');
      const total = (field: 'enhanced' | 'steps') =>
        own.reduce((sum, each) => sum + each[field], 0);
      return [
        row.noise,
        row.decibels === undefined ? '–' : `${row.decibels} dB`,
        `${total('enhanced')} of ${total('steps')}`,
        plain.toFixed(3),
        enhanced.toFixed(3),
        `${plain === 0 ? '–' : `${(100 * (enhanced / plain - 1)).toFixed(0)} %`}`,
        ...WAYS.map((way) => meanDer(of(heard, row, way)).toFixed(3)),
      ];
    }),
  );
}

export function gateTable(decisions: readonly GateDecisions[]): string {
  return markdownTable(
    ['recording', 'steps enhanced'],
    decisions.map(({ name, noisy, steps }) => [name, `${noisy} of ${steps}`]),
  );
}

/** How much smaller the word error rate is at 0 dB, for each noise and for all of them together. */
export function gainBars(heard: readonly Heard[]): Bar[] {
  const loud = heard.filter(({ decibels }) => decibels === 0);
  const noises = [...new Set(loud.map(({ noise }) => noise))];
  const bar = (what: string, own: readonly Heard[]): Bar => ({
    what: `word errors fewer at 0 dB, ${what}`,
    value: 1 - rate(own, 'asr') / rate(own, 'as it is'),
    limit: { atLeast: LEAST_GAIN },
  });
  return [
    ...noises.map((noise) =>
      bar(
        noise,
        loud.filter((each) => each.noise === noise),
      ),
    ),
    bar('all together', loud),
  ];
}

function of(heard: readonly Heard[], row: Row, way: Heard['way']): Heard[] {
  return heard.filter(
    (each) => each.noise === row.noise && each.decibels === row.decibels && each.way === way,
  );
}

function wordErrorRate(heard: readonly Heard[], row: Row, way: Heard['way']): number {
  return rate(of(heard, row, way), way);
}

function rate(heard: readonly Heard[], way: Heard['way']): number {
  const own = heard.filter((each) => each.way === way);
  const sum = (field: 'wordErrors' | 'referenceWords') =>
    own.reduce((total, each) => total + each[field], 0);
  return sum('wordErrors') / sum('referenceWords');
}

function meanDer(heard: readonly Heard[]): number {
  return heard.reduce((sum, { der }) => sum + der, 0) / heard.length;
}
