import { markdownTable } from '../report/markdown-table.js';
import type { Cost, CostFigures } from './figures.js';

const HOUR = 3600;
/** Of a fleet's processors, on average over a day: work comes unevenly. */
const USED = 0.6;
/** Audio of a day that the fleet is reckoned for. */
const HOURS_A_DAY = 1000;

/** What was measured and what follows for a fleet, as Markdown. */
export function reportCost(figures: CostFigures): string {
  const { environment, speakers, words, models, lengths, people, atOnce } = figures;
  const ten = lengths[1] ?? words;
  return [
    `${environment}`,
    '### By stage',
    `Seconds of processor for an hour of audio, from ten minutes of a conversation of ${speakers}, without a pause worth mentioning; silence costs detection and speakers alone.`,
    stageTable(figures),
    `The models alone, asked again for all that they were asked, need ${perHour(models.cpuSeconds, ten.audioSeconds)} of ${perHour(ten.cpuSeconds, ten.audioSeconds)}.`,
    '### By length',
    costTable(
      'with speakers',
      lengths.map((cost) => ({ what: `${cost.audioSeconds / 60} min`, cost })),
    ),
    '### By the number of people',
    costTable(
      'ten minutes, speaking',
      people.map(({ count, cost }) => ({ what: String(count), cost })),
    ),
    '### By recordings at once',
    costTable(
      'five minutes each, sent at once',
      atOnce.map(({ count, cost }) => ({ what: String(count), cost })),
    ),
    '### A fleet',
    fleet(figures),
  ].join('\n\n');
}

function stageTable({ lengths, words, models }: CostFigures): string {
  const ten = lengths[1] ?? words;
  const kinds = models.kinds.map(({ name, cpuSeconds }) => [
    name,
    perHour(cpuSeconds, ten.audioSeconds),
  ]);
  const around = ten.cpuSeconds - models.cpuSeconds;
  return markdownTable(
    ['stage', 'CPU s for an hour of audio'],
    [
      ...kinds,
      [
        'everything around them: HTTP, decoding, copying, joining',
        perHour(around, ten.audioSeconds),
      ],
      ['all, with speakers', perHour(ten.cpuSeconds, ten.audioSeconds)],
      ['all, words alone', perHour(words.cpuSeconds, words.audioSeconds)],
    ],
  );
}

function costTable(title: string, rows: readonly { what: string; cost: Cost }[]): string {
  return markdownTable(
    [title, 'CPU s for an hour of audio', 'wall (s)', 'times real time', 'peak memory (MB)'],
    rows.map(({ what, cost }) => [
      what,
      perHour(cost.cpuSeconds, cost.audioSeconds),
      cost.wallSeconds.toFixed(1),
      `${(cost.audioSeconds / cost.wallSeconds).toFixed(0)}x`,
      (cost.peakBytes / 1e6).toFixed(0),
    ]),
  );
}

/** From the longest recording, which has the least of what happens once. */
function fleet({ lengths, words }: CostFigures): string {
  const longest = lengths.at(-1) ?? words;
  const line = (what: string, cost: Cost) => {
    const cpuHours = (HOURS_A_DAY * cost.cpuSeconds) / cost.audioSeconds;
    return [what, cpuHours.toFixed(1), (cpuHours / 24 / USED).toFixed(1)];
  };
  const table = markdownTable(
    ['1,000 hours of audio a day', 'processor hours a day', 'cores'],
    [line('with speakers', longest), line('words alone', words)],
  );
  return `${table}\n\nCores as fast as these, in use for ${USED * 100} % of the day. A second of audio is ${perSecond(longest)} ms of one core with speakers.`;
}

function perHour(cpuSeconds: number, audioSeconds: number): string {
  return ((cpuSeconds * HOUR) / audioSeconds).toFixed(0);
}

function perSecond({ cpuSeconds, audioSeconds }: Cost): string {
  return ((cpuSeconds * 1000) / audioSeconds).toFixed(0);
}
