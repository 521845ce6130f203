import { parseLanguage } from '#utils/languages/languages.js';
import { isPresent, list, rejectWith, shown, single } from './field-readers.js';

/** The language that is spoken, as ISO 639-1 code; undefined: detect it. */
export const languageField = single.transform((text, context): string | undefined => {
  if (text === undefined || isAuto(text)) return undefined;
  const params = { param: 'language', received: shown(text) };
  return parseLanguage(text) ?? rejectWith(context, 'language_unknown', params);
});

/** The languages that may be spoken, as ISO 639-1 codes, each once; undefined: any. */
export const languageList = list.transform((items, context): string[] | undefined => {
  const codes = items
    .filter((item) => isPresent(item) && !isAuto(item))
    .map((item) => {
      const params = { param: 'languages', received: shown(item) };
      return parseLanguage(item) ?? rejectWith(context, 'language_unknown', params);
    });
  return codes.length > 0 ? [...new Set(codes)] : undefined;
});

/** Words that are likely to be said. What OpenAI refuses in them is refused here too: prompts are made of them. */
export const keywordList = list.transform((items, context): string[] | undefined => {
  const at = items.findIndex((item) => /[<>\r\n]/.test(item));
  if (at >= 0) return rejectWith(context, 'keyword_invalid', { number: at + 1 });
  const keywords = items.map((item) => item.trim()).filter(isPresent);
  return keywords.length > 0 ? keywords : undefined;
});

function isAuto(text: string): boolean {
  return text.trim().toLowerCase() === 'auto';
}
