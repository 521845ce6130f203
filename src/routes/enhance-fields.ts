import { ENHANCED_FOR, ENHANCEMENTS } from '#services/enhance/types.js';
import { rejectWith, shown, single } from './field-readers.js';

export const ENHANCE_CHOICES = ['none', ...ENHANCEMENTS] as const;
export type EnhanceChoice = (typeof ENHANCE_CHOICES)[number];

export const enhanceField = choiceField('enhance', ENHANCE_CHOICES);
export const enhanceForField = choiceField('enhance_for', ENHANCED_FOR);

/** One of a few words in any spelling; undefined when it was not sent. */
function choiceField<Choice extends string>(param: string, choices: readonly Choice[]) {
  return single.transform((text, context): Choice | undefined => {
    const word = text?.trim().toLowerCase();
    if (word === undefined) return undefined;
    const expected = choices.map((choice) => `'${choice}'`).join(', ');
    const received = `'${shown(word)}'`;
    const known = choices.find((choice) => choice === word);
    return known ?? rejectWith(context, 'field_invalid', { param, expected, received });
  });
}
