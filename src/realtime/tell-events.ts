import type { LiveEvent } from '#services/live/types.js';
import { tokenLogprobs } from '#utils/formats/logprobs.js';
import { durationUsage } from '#utils/formats/usage.js';
import { errorFields, type ServerEvent } from './outbox.js';
import type { SessionShape } from './read-session.js';

export type TellOptions = {
  /** Sessions of the older shape are told of items in one event. */
  readonly shape: SessionShape;
  /** Log-probabilities were asked for. */
  readonly hasLogprobs: boolean;
};

const TRANSCRIPTION = 'conversation.item.input_audio_transcription';

/** The events by which a client hears of what happened to an utterance; an item has its utterance's name. */
export function eventsOf(event: LiveEvent, options: TellOptions): readonly ServerEvent[] {
  const item_id = itemId(event.utterance);
  const ofItem = (kind: string, fields: object): ServerEvent[] => [
    { type: `${TRANSCRIPTION}.${kind}`, item_id, content_index: 0, ...fields },
  ];
  switch (event.type) {
    case 'speech-started': {
      const audio_start_ms = milliseconds(event.start);
      return [{ type: 'input_audio_buffer.speech_started', audio_start_ms, item_id }];
    }
    case 'speech-stopped': {
      const audio_end_ms = milliseconds(event.end);
      return [{ type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id }];
    }
    case 'committed':
      return committed(event, options);
    case 'delta':
      return ofItem('delta', { delta: event.text });
    case 'segment': {
      const { id, text, speaker } = event;
      const times = { start: rounded(event.start), end: rounded(event.end) };
      return ofItem('segment', { id, text, speaker, ...times });
    }
    case 'completed': {
      const { text: transcript, words, seconds } = event;
      const logprobs = options.hasLogprobs ? { logprobs: tokenLogprobs([{ words }]) } : {};
      return ofItem('completed', { transcript, ...logprobs, usage: durationUsage(seconds) });
    }
    case 'failed':
      return ofItem('failed', { error: errorFields(event.error) });
  }
}

function committed(
  { utterance, previous }: Extract<LiveEvent, { type: 'committed' }>,
  { shape }: TellOptions,
): readonly ServerEvent[] {
  const item = {
    id: itemId(utterance),
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_audio', transcript: null }],
  };
  const place = { previous_item_id: previous === undefined ? null : itemId(previous) };
  const kinds = shape === 'flat' ? ['created'] : ['added', 'done'];
  return [
    { type: 'input_audio_buffer.committed', ...place, item_id: item.id },
    ...kinds.map((kind) => ({ type: `conversation.item.${kind}`, ...place, item })),
  ];
}

function itemId(utterance: string): string {
  return utterance.replace(/^(utt_)?/, 'item_');
}

function milliseconds(seconds: number): number {
  return Math.round(1000 * seconds);
}

/** To the millisecond. */
function rounded(seconds: number): number {
  return milliseconds(seconds) / 1000;
}
