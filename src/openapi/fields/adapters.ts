import { z } from 'zod';
import { MAX_SPEAKERS } from '../../speaker-rules.js';
import { audioFile, modelField } from './transcription.js';

/** What the adapters read, as it stands on the wire; a test holds the names against those that src/adapters reads. */

const model = modelField
  .meta({ description: 'An id that `GET /v1/models` lists: an extension of ours.' })
  .default('whisper-1');
const language = z.string().meta({
  description: 'ISO 639-1 code or English name; left out or `auto`: detected where the model can.',
});
const PROMPT =
  'Earlier text or vocabulary, as `prompt` of a transcription: what becomes of it depends on the model.';
const FORMAT = 'What the answer looks like.';
const speakerLimit = (text: string) => z.int().min(1).max(MAX_SPEAKERS).meta({ description: text });

const encode = z.boolean().default(true).meta({
  description:
    '`false`: the part holds bare samples, signed 16 bit little endian, 16 kHz, one channel, as Bazarr sends them.',
});

export const asrForm = z.object({ audio_file: audioFile });

export const asrQuery = z
  .object({
    encode,
    task: z
      .enum(['transcribe', 'translate'])
      .default('transcribe')
      .meta({ description: '`translate`: into English, with a model that can.' }),
    language,
    initial_prompt: z.string().meta({ description: PROMPT }),
    output: z
      .enum(['txt', 'vtt', 'srt', 'tsv', 'json'])
      .default('txt')
      .meta({ description: FORMAT }),
    word_timestamps: z.boolean().default(false).meta({ description: 'Words in `output=json`.' }),
    vad_filter: z.boolean().meta({ description: 'Ignored: silence is always left out.' }),
    diarize: z.boolean().default(false).meta({ description: 'Whether to say who spoke.' }),
    min_speakers: speakerLimit('How many people speak at least. Asks for speakers.'),
    max_speakers: speakerLimit('How many people speak at most. Asks for speakers.'),
    model,
  })
  .partial();

export const detectLanguageQuery = z.object({ encode, model }).partial();

const wholeOnly = z
  .literal(0)
  .meta({ description: 'Refused unless it is 0: recordings are always transcribed whole.' });

export const inferenceForm = z.object({
  file: audioFile,
  ...z
    .object({
      response_format: z
        .enum(['json', 'text', 'srt', 'vtt', 'verbose_json'])
        .default('json')
        .meta({ description: FORMAT }),
      language,
      translate: z
        .boolean()
        .default(false)
        .meta({ description: 'Into English, with a model that can.' }),
      detect_language: z.boolean().meta({ description: '`true`: as `language=auto`.' }),
      prompt: z.string().meta({ description: PROMPT }),
      diarize: z.boolean().default(false).meta({ description: 'Whether to say who spoke.' }),
      no_timestamps: z
        .boolean()
        .default(false)
        .meta({ description: 'Leaves the times out of `verbose_json`.' }),
      offset_t: wholeOnly,
      duration: wholeOnly,
      temperature: z.number().meta({ description: 'Ignored, as all other settings of decoding.' }),
      temperature_inc: z.number().meta({ description: 'Ignored.' }),
      model,
    })
    .partial().shape,
});
