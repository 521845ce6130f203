import { type RecogniseOptions, SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import { placeWords } from '#services/transcription/place-words.js';
import type { Word } from '#utils/transcript/types.js';
import type { SpokenStretch } from './spoken-stretch.js';

/** What was recognised in a stretch, word times in seconds since the session's first sample. */
export type ReadStretch = {
  readonly text: string;
  readonly words: readonly Word[];
  /** ISO 639-1 code. */
  readonly language: string;
};

/** Recognises a stretch. Rejects as the service does, with `signal.reason` when aborted. */
export async function readStretch(
  { from, spans }: SpokenStretch,
  samples: Int16Array,
  options: {
    readonly speech: Pick<SpeechService, 'recognise'>;
    readonly recognise: RecogniseOptions;
    readonly isUrgent: boolean;
    readonly signal: AbortSignal;
  },
): Promise<ReadStretch> {
  const { speech, recognise, isUrgent, signal } = options;
  const [read] = await speech.recognise([{ samples }], recognise, { signal, isUrgent });
  const offset = from / SAMPLE_RATE;
  const { text = '', words = [], language = recognise.language ?? 'en' } = read ?? {};
  const onSession = words.map((word) => ({
    ...word,
    start: word.start + offset,
    end: word.end + offset,
  }));
  return { text, language, words: placeWords(onSession, spans) };
}
