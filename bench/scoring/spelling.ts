import { createRequire } from 'node:module';

const table = createRequire(import.meta.url)(
  'american-british-english-translator/data/british_spellings.json',
) as Record<string, string>;

/** Pairs the package leaves out. Only spellings of one spoken word; never two words said differently (learnt, learned). */
const additions: Record<string, string> = {
  cheque: 'check',
  cheques: 'checks',
  enquiry: 'inquiry',
  enquiries: 'inquiries',
  judgement: 'judgment',
  judgements: 'judgments',
  kerb: 'curb',
  kerbs: 'curbs',
  skilful: 'skillful',
  skilfully: 'skillfully',
  storey: 'story',
  storeys: 'stories',
  wilful: 'willful',
};

/** Pairs of the package that are two different spoken words, not two spellings. */
const differentWords = new Set(['aeroplane', 'aeroplanes', 'aluminium']);

const spellings = new Map(
  [...Object.entries(table), ...Object.entries(additions)].filter(
    ([british]) => !differentWords.has(british),
  ),
);

/** American spelling of a lower-case word that has a British one; every other word as it is. Keeps a final 's. */
export function americanSpelling(word: string): string {
  if (word.endsWith("'s")) return `${americanSpelling(word.slice(0, -2))}'s`;
  return spellings.get(word) ?? word;
}
