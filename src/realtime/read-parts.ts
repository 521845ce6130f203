import { readNumber, readObject, readOneOf, readSwitch, readText, readTexts } from './readers.js';
import {
  DEFAULT_TURN_DETECTION,
  DELAYS,
  EAGERNESSES,
  type Include,
  LOGPROBS,
  NOISE_REDUCTIONS,
  type SessionSettings,
  type TranscriptionWishes,
  type TurnDetectionWishes,
} from './session-settings.js';

/** The parts of a session that both of its shapes have. Each reader throws as those of `readers.ts`. */

const READERS: {
  readonly [Name in keyof TranscriptionWishes]-?: Reader<TranscriptionWishes[Name]>;
} = {
  model: readText,
  language: readText,
  prompt: readText,
  delay: (value, path) => readOneOf(value, path, DELAYS),
  languages: readTexts,
  keywords: readTexts,
  diarize: readSwitch,
  known_speaker_names: readTexts,
  known_speaker_references: readTexts,
};

type Reader<Value> = (value: unknown, path: string) => NonNullable<Value>;

/** Fields of `transcription` that are read. */
export const transcriptionFields: readonly string[] = Object.keys(READERS);

/** Fields that are not sent stay as they are; null takes one away. */
export function readTranscription(
  value: unknown,
  path: string,
  current: TranscriptionWishes | null,
): TranscriptionWishes | null {
  if (value === null) return null;
  const sent = readObject(value, path, transcriptionFields);
  const wishes: Record<string, unknown> = { ...current };
  for (const [name, read] of Object.entries(READERS)) {
    const field = sent[name];
    if (field === undefined) continue;
    if (field === null) delete wishes[name];
    else wishes[name] = (read as Reader<unknown>)(field, `${path}.${name}`);
  }
  return wishes;
}

/** What is left out is as in a new session. */
export function readTurnDetection(value: unknown, path: string): TurnDetectionWishes | null {
  if (value === null) return null;
  // Those about answers of a model are for conversations: there is nobody here to answer.
  const ofConversations = ['create_response', 'interrupt_response', 'idle_timeout_ms'];
  const ofSilence = ['threshold', 'prefix_padding_ms', 'silence_duration_ms'];
  const known = ['type', ...ofSilence, 'eagerness', ...ofConversations];
  const fields = { ...DEFAULT_TURN_DETECTION, ...withoutNulls(readObject(value, path, known)) };
  const type = readOneOf(fields.type, `${path}.type`, ['server_vad', 'semantic_vad']);
  if (type === 'semantic_vad') {
    const { eagerness = 'auto' } = fields as { eagerness?: unknown };
    return { type, eagerness: readOneOf(eagerness, `${path}.eagerness`, EAGERNESSES) };
  }
  const number = (name: string, limits: { min: number; max: number }) =>
    readNumber((fields as Record<string, unknown>)[name], `${path}.${name}`, limits);
  return {
    type,
    threshold: number('threshold', { min: 0, max: 1 }),
    prefix_padding_ms: number('prefix_padding_ms', { min: 0, max: 10_000 }),
    silence_duration_ms: number('silence_duration_ms', { min: 20, max: 30_000 }),
  };
}

export function readNoiseReduction(
  value: unknown,
  path: string,
): SessionSettings['noiseReduction'] {
  if (value === null) return null;
  const { type } = readObject(value, path, ['type']);
  return type === null ? null : { type: readOneOf(type, `${path}.type`, NOISE_REDUCTIONS) };
}

export function readInclude(value: unknown, path: string): readonly Include[] | null {
  if (value === null) return null;
  return readTexts(value, path).map((item) => readOneOf(item, path, [LOGPROBS]));
}

function withoutNulls(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
