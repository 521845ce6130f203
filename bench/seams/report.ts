import type { MadeRecording } from '../long/made-recording.js';
import { barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import type { LongAlignment } from '../scoring/long-words.js';
import { AROUND_SECONDS, lostOrDoubled, type SeamErrors, type WordError } from './seam-errors.js';

export type SeamFigures = {
  readonly result: SeamErrors;
  readonly chunked: LongAlignment;
  readonly whole: LongAlignment;
  readonly made: MadeRecording;
  readonly chunkSeconds: number;
  /** Every error is listed. */
  readonly errors: boolean;
};

const MOST_FOR_EACH_HUNDRED = 1;
const CONTEXT_WORDS = 4;

/** Words lost and doubled at seams, as Markdown. */
export function reportSeams(environment: string, figures: SeamFigures): string {
  const { result, chunked, whole, made, chunkSeconds, errors } = figures;
  const { seams, secondsAtSeams, secondsElsewhere } = result;
  const scale = (100 * secondsAtSeams) / seams / secondsElsewhere;
  return [
    '## Seams',
    environment,
    `${(made.seconds / 3600).toFixed(1)} h made of the turns of ${made.source.name}, in chunks of ${chunkSeconds} s. Counted are errors that the ` +
      `same recording in one chunk does not have; at a seam: in the overlap or within ${AROUND_SECONDS} s of it. What the ` +
      'recogniser does differently because its windows are others is everywhere, also where there is no seam.',
    markdownTable(
      ['', 'lost', 'doubled', 'changed', 'lost or doubled for 100 seams'],
      [
        row(`at ${seams} seams`, result.atSeams, 100 / seams),
        row('elsewhere (rate: in as much audio)', result.elsewhere, scale),
      ],
    ),
    markdownTable(
      ['whole recording', 'WER', 'sub / del / ins'],
      [werRow(`in chunks of ${chunkSeconds} s`, chunked), werRow('in one chunk', whole)],
    ),
    ...(errors
      ? [
          listing('At seams', result.atSeams, chunked),
          listing('Elsewhere', result.elsewhere, chunked),
        ]
      : []),
    barTable([
      {
        what: `words lost or doubled at ${chunkSeconds} s seams, for 100 of them (${seams} seams)`,
        value: (100 * lostOrDoubled(result.atSeams).length) / seams,
        limit: { atMost: MOST_FOR_EACH_HUNDRED },
      },
    ]),
  ].join('\n\n');
}

function row(what: string, errors: readonly WordError[], scale: number): string[] {
  const count = (kind: WordError['kind']) =>
    String(errors.filter((error) => error.kind === kind).length);
  return [
    what,
    count('lost'),
    count('doubled'),
    count('changed'),
    (lostOrDoubled(errors).length * scale).toFixed(2),
  ];
}

function werRow(what: string, { errors }: LongAlignment): string[] {
  const { rate, substitutions, deletions, insertions } = errors;
  return [what, rate.toFixed(4), `${substitutions} / ${deletions} / ${insertions}`];
}

function listing(
  title: string,
  errors: readonly WordError[],
  { reference }: LongAlignment,
): string {
  const text = (from: number, to: number) =>
    reference
      .slice(Math.max(0, from), to)
      .map((word) => word.text)
      .join(' ');
  const lines = errors.map(({ kind, at, place, said, heard }) => {
    const after = place + (said === '' ? 0 : 1);
    return `- ${at.toFixed(1)} s, ${kind}: ${text(place - CONTEXT_WORDS, place)} [${said || '∅'} → ${heard || '∅'}] ${text(after, after + CONTEXT_WORDS)}`;
  });
  return `### ${title}\n\n${lines.join('\n') || '- none'}`;
}
