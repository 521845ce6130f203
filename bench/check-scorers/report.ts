import { markdownTable } from '../report/markdown-table.js';
import { type Compared, type ComparedCase, difference, differs, figuresOf } from './compare.js';

/** Both sides' figures as Markdown: a row for each set and kind of hypothesis, then every figure that differs. */
export function reportCheck(cases: readonly ComparedCase[]): string {
  const groups = new Map<string, ComparedCase[]>();
  for (const compared of cases) {
    const name = `${compared.case.set}, ${compared.case.hypothesis}`;
    groups.set(name, [...(groups.get(name) ?? []), compared]);
  }
  const rows = [...groups].map(([name, group]) => [
    name,
    String(group.length),
    ...both(group.map(({ der }) => der)),
    ...both(group.flatMap(({ cpWer }) => cpWer ?? [])),
    largestDifference(group).toFixed(6),
  ]);
  const wrong = cases.flatMap((compared) =>
    figuresOf(compared)
      .filter(([, figure]) => differs(figure))
      .map(
        ([name, { ours, theirs }]) =>
          `- ${compared.case.recording}, ${compared.case.hypothesis}: ${name} ${ours.toFixed(6)}, theirs ${theirs.toFixed(6)}`,
      ),
  );
  const verdict =
    wrong.length === 0
      ? `All figures of all ${cases.length} cases are equal to 3 decimals.`
      : `**Not equal to 3 decimals:**\n\n${wrong.join('\n')}`;
  return [
    markdownTable(
      [
        'hypothesis',
        'recordings',
        'DER, ours',
        'pyannote.metrics',
        'cpWER, ours',
        'meeteval',
        'largest difference',
      ],
      rows,
    ),
    'Means over the recordings. The largest difference is that of any one recording in DER, miss, false alarm, confusion, number of speakers or cpWER.',
    verdict,
  ].join('\n\n');
}

/** The means of both sides. */
function both(figures: readonly Compared[]): [string, string] {
  if (figures.length === 0) return ['–', '–'];
  const mean = (side: 'ours' | 'theirs') =>
    (figures.reduce((sum, figure) => sum + figure[side], 0) / figures.length).toFixed(6);
  return [mean('ours'), mean('theirs')];
}

function largestDifference(group: readonly ComparedCase[]): number {
  return Math.max(...group.flatMap(figuresOf).map(([, figure]) => difference(figure)));
}
