/** One utterance as it is shown. Times are seconds since the beginning. */
export type Caption = {
  readonly id: string;
  readonly start: number;
  readonly end: number;
  /** What was heard of it so far; with speakers, until it is known who said what. */
  readonly text: string;
  /** Empty without speakers, and until they are known. */
  readonly parts: readonly CaptionPart[];
  readonly isDone: boolean;
};

export type CaptionPart = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker: string;
};

/** The events of a realtime session that captions are made of; others change nothing. */
export type CaptionEvent = { readonly type: string; readonly item_id?: string } & Readonly<
  Record<string, unknown>
>;

const TRANSCRIPTION = 'conversation.item.input_audio_transcription.';

/** The captions after an event. Utterances stand in the order in which they begin. */
export function captionsAfter(
  captions: readonly Caption[],
  event: CaptionEvent,
): readonly Caption[] {
  const { item_id: id } = event;
  if (id === undefined) return captions;
  const known = captions.find((caption) => caption.id === id);
  const before = known ?? { id, start: 0, end: 0, text: '', parts: [], isDone: false };
  const after = changed(before, event);
  if (after === before) return captions;
  if (known === undefined) return [...captions, after];
  return captions.map((caption) => (caption.id === id ? after : caption));
}

/** Those in which something was said. */
export function spoken(captions: readonly Caption[]): readonly Caption[] {
  return captions.filter(({ text }) => text.trim() !== '');
}

function changed(caption: Caption, event: CaptionEvent): Caption {
  switch (event.type) {
    case 'input_audio_buffer.speech_started':
      return { ...caption, start: Number(event.audio_start_ms) / 1000 };
    case 'input_audio_buffer.speech_stopped':
      return { ...caption, end: Number(event.audio_end_ms) / 1000 };
    case `${TRANSCRIPTION}delta`:
      return { ...caption, text: caption.text + String(event.delta) };
    case `${TRANSCRIPTION}segment`:
      return { ...caption, parts: [...caption.parts, partOf(event)] };
    case `${TRANSCRIPTION}completed`:
      return { ...caption, text: String(event.transcript), isDone: true };
    case `${TRANSCRIPTION}failed`:
      return { ...caption, isDone: true };
    default:
      return caption;
  }
}

function partOf({ start, end, text, speaker }: CaptionEvent): CaptionPart {
  return {
    start: Number(start),
    end: Number(end),
    text: String(text).trim(),
    speaker: String(speaker),
  };
}
