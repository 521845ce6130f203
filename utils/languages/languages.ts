import { languageTable, otherCodes } from './table.js';

const nameByCode = new Map<string, string>();
const codeByWord = new Map<string, string>(Object.entries(otherCodes));
for (const [code, ...names] of languageTable) {
  nameByCode.set(code, names[0] as string);
  for (const word of [code, ...names]) codeByWord.set(word, code);
}

/** All codes of the table, English first. */
export const languageCodes: readonly string[] = [...nameByCode.keys()];

/**
 * The code of a language given as code, English name or tag (`de`, `German`, `pt-BR`), in any case;
 * undefined when it is none that is known.
 */
export function parseLanguage(text: string): string | undefined {
  const word = text.trim().toLowerCase();
  return (
    codeByWord.get(word) ?? codeByWord.get(/^([a-z]{2,3})[-_][a-z0-9_-]+$/.exec(word)?.[1] ?? '')
  );
}

/** Lowercase English name of a code, as OpenAI's `verbose_json` shows it; an unknown code is given back as it is. */
export function languageName(code: string): string {
  return nameByCode.get(code) ?? code;
}
