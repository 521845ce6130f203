import { z } from 'zod';
import type { SpeechTask } from '#services/asr/types.js';
import { rejectWith, shown, single, switchField, toCatalogued } from '../routes/field-readers.js';

export const asrOutputs = ['txt', 'vtt', 'srt', 'tsv', 'json'] as const;
export type AsrOutput = (typeof asrOutputs)[number];

const oneOf = <Value extends string>(param: string, values: readonly [Value, ...Value[]]) =>
  single.transform((text, context): Value => {
    const word = text?.trim().toLowerCase() ?? values[0];
    const known = values.find((value) => value === word);
    const expected = values.map((value) => `'${value}'`).join(', ');
    return (
      known ??
      rejectWith(context, 'field_invalid', { param, expected, received: `'${shown(word)}'` })
    );
  });

const schema = z.object({
  encode: switchField('encode'),
  task: oneOf<SpeechTask>('task', ['transcribe', 'translate']),
  language: single,
  initial_prompt: single,
  output: oneOf<AsrOutput>('output', asrOutputs),
  word_timestamps: switchField('word_timestamps'),
  diarize: switchField('diarize'),
  // Read by the pipeline's own readers.
  min_speakers: single,
  max_speakers: single,
  model: single,
});

/** Parameters that are read; `vad_filter` is not: silence is always left out. */
export const asrParameters: readonly string[] = Object.keys(schema.shape);

export type AsrQuery = z.output<typeof schema>;

/** Reads the query of `/asr` and `/detect-language`. Throws `field_invalid`. */
export function parseAsrQuery(query: Readonly<Record<string, unknown>>): AsrQuery {
  const result = schema.safeParse(query);
  if (!result.success) throw toCatalogued(result.error);
  return result.data;
}
