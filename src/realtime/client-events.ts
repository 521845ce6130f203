import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { shown } from '../routes/field-readers.js';
import { readPlainJson } from '../routes/plain-json.js';
import type { Message } from './inbox.js';
import { readObject, readText, wrongField } from './readers.js';

/** What a client of a transcription session may say. */
export type ClientEvent =
  | { readonly type: 'session.update'; readonly session: unknown }
  /** The same in the older, flat shape. */
  | { readonly type: 'transcription_session.update'; readonly session: unknown }
  | { readonly type: 'input_audio_buffer.append'; readonly bytes: Buffer }
  | { readonly type: 'input_audio_buffer.commit' }
  | { readonly type: 'input_audio_buffer.clear' };

const FIELDS = {
  'session.update': ['session'],
  'transcription_session.update': ['session'],
  'input_audio_buffer.append': ['audio'],
  'input_audio_buffer.commit': [],
  'input_audio_buffer.clear': [],
} as const;

type EventType = keyof typeof FIELDS;

/** A message that is JSON with a type, whatever else is wrong with it: its id is told in errors about it. */
export type RawEvent = {
  readonly type: string;
  readonly eventId?: string;
  readonly fields: Readonly<Record<string, unknown>>;
};

/** Throws `realtime_event_invalid` or `realtime_json_invalid`. */
export function readMessage({ data, isBinary }: Message): RawEvent {
  if (isBinary) throw new WhosaidError('realtime_event_invalid', { received: 'a binary frame' });
  const reading = readPlainJson(data.toString('utf8'));
  if ('problem' in reading)
    throw new WhosaidError('realtime_json_invalid', { received: reading.problem });
  const { value } = reading;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WhosaidError('realtime_json_invalid', { received: 'JSON that is no object' });
  const { type, event_id: eventId, ...fields } = value as Record<string, unknown>;
  if (typeof type !== 'string')
    throw new WhosaidError('realtime_event_invalid', { received: "JSON without a 'type'" });
  return { type, fields, ...(typeof eventId === 'string' && { eventId: shown(eventId) }) };
}

/** Throws `field_invalid` or `realtime_parameter_unknown`. */
export function readEvent({ type, fields }: RawEvent): ClientEvent {
  if (!isEventType(type)) {
    const known = Object.keys(FIELDS).map((each) => `'${each}'`);
    throw wrongField('type', `one of ${known.join(', ')} (this session transcribes only)`, type);
  }
  const { session, audio } = readObject(fields, '', FIELDS[type]);
  switch (type) {
    case 'session.update':
    case 'transcription_session.update':
      return { type, session };
    case 'input_audio_buffer.append':
      return { type, bytes: readBase64(audio) };
    default:
      return { type };
  }
}

function isEventType(type: string): type is EventType {
  return Object.hasOwn(FIELDS, type);
}

function readBase64(value: unknown): Buffer {
  const text = readText(value, 'audio');
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 !== 1)
    return Buffer.from(text, 'base64');
  throw wrongField('audio', 'sound in base64 (RFC 4648, with + and /)', text);
}
