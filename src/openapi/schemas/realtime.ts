import { z } from 'zod';
import { PCM_RATES } from '../../realtime/session-settings.js';

/** Sessions of the realtime socket, as keys for browsers hold them: docs/realtime.md. */

const milliseconds = z.number().min(0);

const transcription = z
  .strictObject({
    model: z.string().optional(),
    language: z.string().optional(),
    prompt: z.string().optional(),
    delay: z.string().optional().meta({ description: 'Without effect.' }),
    languages: z.array(z.string()).optional(),
    keywords: z.array(z.string()).optional(),
    diarize: z.boolean().optional().meta({ description: 'Who speaks: an extension of ours.' }),
    known_speaker_names: z.array(z.string()).optional(),
  })
  .nullable();

const turnDetection = z
  .union([
    z.strictObject({
      type: z.literal('server_vad'),
      threshold: z.number().min(0).max(1),
      prefix_padding_ms: milliseconds,
      silence_duration_ms: milliseconds,
    }),
    z.strictObject({ type: z.literal('semantic_vad'), eagerness: z.string() }),
  ])
  .nullable()
  .meta({ description: 'null: utterances end where the client commits them.' });

const noiseReduction = z
  .strictObject({ type: z.string() })
  .nullable()
  .meta({ description: 'Without effect.' });

const identity = {
  object: z.literal('realtime.transcription_session'),
  id: z.string(),
  expires_at: z.int().meta({ description: 'Unix seconds.' }),
};
const include = z.array(z.string()).nullable();

export const realtimeSession = z.strictObject({
  type: z.literal('transcription'),
  ...identity,
  audio: z.strictObject({
    input: z.strictObject({
      format: z.strictObject({
        type: z.enum(['audio/pcm', 'audio/pcmu', 'audio/pcma']),
        rate: z.literal([...PCM_RATES]).optional(),
      }),
      transcription,
      noise_reduction: noiseReduction,
      turn_detection: turnDetection,
    }),
  }),
  include,
});

export const clientSecret = z
  .strictObject({
    value: z.string().meta({ description: 'The key: `ek_…`.' }),
    expires_at: z.int().meta({ description: 'Unix seconds; a session may go on after that.' }),
    session: realtimeSession,
  })
  .meta({ description: 'A key with which a browser opens realtime sessions, and nothing else.' });

const life = z.strictObject({
  anchor: z.literal('created_at').optional(),
  seconds: z.int().min(10).max(7200).optional().meta({ description: '600 by default.' }),
});

export const clientSecretRequest = z.strictObject({
  expires_after: life.optional(),
  session: z
    .looseObject({})
    .optional()
    .meta({ description: 'As in `session.update`; without `known_speaker_references`.' }),
});

export const flatSession = z.strictObject({
  ...identity,
  input_audio_format: z.enum(['pcm16', 'g711_ulaw', 'g711_alaw']),
  input_audio_transcription: transcription,
  input_audio_noise_reduction: noiseReduction,
  turn_detection: turnDetection,
  include,
  client_secret: z.strictObject({ value: z.string(), expires_at: z.int() }),
});

export const flatSessionRequest = z
  .looseObject({
    client_secret: z.strictObject({ expires_at: life.optional() }).optional(),
  })
  .meta({ description: 'As in `transcription_session.update`.' });
