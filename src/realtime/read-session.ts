import {
  readInclude,
  readNoiseReduction,
  readTranscription,
  readTurnDetection,
} from './read-parts.js';
import { readObject, readOneOf } from './readers.js';
import { type AudioFormat, PCM_RATES, type SessionSettings } from './session-settings.js';

/** The fields of a session in one of OpenAI's two shapes, and where each part of it stands there. */
export type SessionShape = 'nested' | 'flat';

const FORMATS = ['audio/pcm', 'audio/pcmu', 'audio/pcma'] as const;
const FLAT_FORMATS = ['pcm16', 'g711_ulaw', 'g711_alaw'] as const;
const DEFAULT_RATE = 24_000;

/**
 * What a session becomes by an update: fields that are not sent stay as they are, null switches off. `session` is
 * OpenAI's GA shape or the older flat one. Throws `field_invalid` or `realtime_parameter_unknown` with the whole path.
 */
export function readSession(
  session: unknown,
  { current, shape }: { readonly current: SessionSettings; readonly shape: SessionShape },
): SessionSettings {
  return shape === 'flat' ? readFlat(session, current) : readNested(session, current);
}

/** The path of a field of `transcription`, or of the session itself, in errors. */
export function pathOf(field: string, shape: SessionShape): string {
  if (field === 'include') return 'session.include';
  const transcription =
    shape === 'flat' ? 'input_audio_transcription' : 'audio.input.transcription';
  return `session.${transcription}.${field}`;
}

function readNested(session: unknown, current: SessionSettings): SessionSettings {
  const fields = readObject(session, 'session', [
    'type',
    'audio',
    'include',
    'id',
    'object',
    'expires_at',
  ]);
  if (fields.type !== undefined) readOneOf(fields.type, 'session.type', ['transcription']);
  const { input } = readObject(fields.audio ?? {}, 'session.audio', ['input']);
  const path = 'session.audio.input';
  const known = ['format', 'transcription', 'noise_reduction', 'turn_detection'];
  const parts = readObject(input ?? {}, path, known);
  return {
    ...current,
    ...(parts.format !== undefined && { format: readFormat(parts.format, `${path}.format`) }),
    ...readCommon(
      { ...parts, include: fields.include },
      { current, path: (name) => (name === 'include' ? 'session.include' : `${path}.${name}`) },
    ),
  };
}

function readFlat(session: unknown, current: SessionSettings): SessionSettings {
  const names = {
    transcription: 'input_audio_transcription',
    noise_reduction: 'input_audio_noise_reduction',
    turn_detection: 'turn_detection',
    include: 'include',
  };
  const known = [...Object.values(names), 'input_audio_format', 'modalities', 'client_secret'];
  const fields = readObject(session, 'session', [...known, 'id', 'object', 'expires_at']);
  const format = fields.input_audio_format;
  return {
    ...current,
    ...(format !== undefined && { format: readFlatFormat(format) }),
    ...readCommon(
      {
        transcription: fields[names.transcription],
        noise_reduction: fields[names.noise_reduction],
        turn_detection: fields[names.turn_detection],
        include: fields.include,
      },
      { current, path: (name) => `session.${names[name]}` },
    ),
  };
}

type Part = 'transcription' | 'noise_reduction' | 'turn_detection' | 'include';

/** What both shapes have, under paths of their own. */
function readCommon(
  parts: Readonly<Partial<Record<Part, unknown>>>,
  { current, path }: { readonly current: SessionSettings; readonly path: (part: Part) => string },
): Partial<SessionSettings> {
  const { transcription, noise_reduction, turn_detection, include } = parts;
  return {
    ...(transcription !== undefined && {
      transcription: readTranscription(transcription, path('transcription'), current.transcription),
    }),
    ...(noise_reduction !== undefined && {
      noiseReduction: readNoiseReduction(noise_reduction, path('noise_reduction')),
    }),
    ...(turn_detection !== undefined && {
      turnDetection: readTurnDetection(turn_detection, path('turn_detection')),
    }),
    ...(include !== undefined && { include: readInclude(include, path('include')) }),
  };
}

function readFormat(value: unknown, path: string): AudioFormat {
  // Some clients send the word alone.
  const fields = readObject(typeof value === 'string' ? { type: value } : value, path, [
    'type',
    'rate',
  ]);
  const type = readOneOf(fields.type, `${path}.type`, FORMATS);
  if (type === 'audio/pcm') {
    const rate = readOneOf(fields.rate ?? DEFAULT_RATE, `${path}.rate`, PCM_RATES);
    return { type, rate };
  }
  if (fields.rate !== undefined && fields.rate !== null)
    readOneOf(fields.rate, `${path}.rate`, [8000]);
  return { type };
}

function readFlatFormat(value: unknown): AudioFormat {
  const name = readOneOf(value, 'session.input_audio_format', FLAT_FORMATS);
  if (name === 'pcm16') return { type: 'audio/pcm', rate: DEFAULT_RATE };
  return { type: name === 'g711_ulaw' ? 'audio/pcmu' : 'audio/pcma' };
}
