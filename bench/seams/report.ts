import type { MadeRecording } from '../long/made-recording.js';
import { barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import type { LongAlignment } from '../scoring/long-words.js';
import { AROUND_SECONDS, lostOrDoubled, type SeamErrors, type WordError } from './seam-errors.js';

export type SeamFigures = {
  readonly result: SeamErrors;
  readonly joined: LongAlignment;
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
  const { result, joined, whole, made, chunkSeconds, errors } = figures;
  const { seams, atSeams, byJoining, onlyInOne, elsewhere } = result;
  return [
    '## Seams',
    environment,
    `${(made.seconds / 3600).toFixed(1)} h made of the turns of ${made.source.name}, in chunks of ${chunkSeconds} s and in one. At a seam: in the ` +
      `overlap or within ${AROUND_SECONDS} s of it. By joining: one of the chunks that heard it does not have the error by itself, ` +
      `or the place is within ${AROUND_SECONDS} s of the edges of all of them. The others have it by themselves: the recogniser hears a ` +
      'sound differently in a segment that begins elsewhere, and errs the other way as well (third line).',
    markdownTable(
      ['', 'lost', 'doubled', 'changed', 'lost or doubled for 100 seams'],
      [
        row(`at ${seams} seams, not in one chunk`, atSeams, seams),
        row('of these, by joining', byJoining, seams),
        row('at the same places, only in one chunk', onlyInOne, seams),
        row('elsewhere, not in one chunk', elsewhere, seams),
      ],
    ),
    markdownTable(
      ['whole recording', 'WER', 'sub / del / ins'],
      [werRow(`in chunks of ${chunkSeconds} s`, joined), werRow('in one chunk', whole)],
    ),
    ...(errors
      ? [
          listing('At seams, not in one chunk', atSeams, joined),
          listing('Of these, by joining', byJoining, joined),
          listing('At the same places, only in one chunk', onlyInOne, whole),
          listing('Elsewhere, not in one chunk', elsewhere, joined),
        ]
      : []),
    barTable([
      {
        what: `words lost or doubled by joining at ${chunkSeconds} s seams, for 100 of them (${seams} seams)`,
        value: (100 * lostOrDoubled(byJoining).length) / seams,
        limit: { atMost: MOST_FOR_EACH_HUNDRED },
      },
    ]),
  ].join('\n\n');
}

function row(what: string, errors: readonly WordError[], seams: number): string[] {
  const count = (kind: WordError['kind']) =>
    String(errors.filter((error) => error.kind === kind).length);
  return [
    what,
    count('lost'),
    count('doubled'),
    count('changed'),
    ((100 * lostOrDoubled(errors).length) / seams).toFixed(2),
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
