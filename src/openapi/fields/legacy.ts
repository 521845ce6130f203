import { z } from 'zod';
import { audioFile } from './transcription.js';

/** What the older server's API reads; a test holds the names against those of src/legacy. */
export const legacyForm = z.object({
  file: audioFile,
  ...z
    .object({
      model: z.string().meta({
        description:
          'Left out: the default model. `parakeet` or `canary`: the best installed model of that family. Or an id that `GET /v1/models` lists.',
      }),
      language: z.string().meta({ description: 'ISO 639-1 code or English name.' }),
      include_timestamps: z
        .boolean()
        .default(true)
        .meta({ description: '`false`: `segments` is empty.' }),
    })
    .partial().shape,
});
