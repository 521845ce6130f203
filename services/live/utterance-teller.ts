import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { EventQueue } from './event-queue.js';
import { SessionVoices } from './session-voices.js';
import type { Sound } from './sound.js';
import { speakerSegments } from './speaker-segments.js';
import type { LiveEvent } from './types.js';
import type { Part, Utterance } from './utterance.js';
import { UtteranceReader } from './utterance-reader.js';

export type UtteranceTellerOptions = {
  readonly sound: Sound;
  readonly speech: SpeechService;
  readonly speakers: SpeakerService | undefined;
  /** Ends all work; nothing is told any more. */
  readonly signal: AbortSignal;
};

/** Tells what becomes of utterances: their text while they are spoken, and one after the other who said what. */
export class UtteranceTeller {
  readonly #options: UtteranceTellerOptions;
  readonly #reader: UtteranceReader;
  readonly #events = new EventQueue<LiveEvent>();
  /** Made when it is needed first. */
  #voices: SessionVoices | undefined;
  #previous: string | undefined;
  readonly #unsettled: Utterance[] = [];
  #telling: Promise<void> = Promise.resolve();
  /** Told so far. */
  #segments = 0;

  constructor(options: UtteranceTellerOptions) {
    this.#options = options;
    this.#reader = new UtteranceReader({
      ...options,
      onDelta: (utterance, text) => this.#append(utterance, text),
    });
    options.signal.addEventListener('abort', () => this.#events.end(), { once: true });
  }

  get events(): AsyncIterable<LiveEvent> {
    return this.#events;
  }

  /** Resolves when all that was committed so far is told. */
  get told(): Promise<void> {
    return this.#telling;
  }

  /** The oldest utterance that has all of its sound and is not told. */
  get oldest(): Utterance | undefined {
    return this.#unsettled[0];
  }

  started({ id, start }: Utterance): void {
    this.#push({ type: 'speech-started', utterance: id, start: start / SAMPLE_RATE });
  }

  stopped({ id }: Utterance, at: number): void {
    this.#push({ type: 'speech-stopped', utterance: id, end: at / SAMPLE_RATE });
  }

  /** More of the utterance was heard; see `UtteranceReader.guess`. */
  guess(utterance: Utterance, pause: { readonly silentFrames: number }): void {
    this.#reader.guess(utterance, pause);
  }

  /** A part of an utterance has all of its sound, up to this sample. */
  finishPart(utterance: Utterance, part: Part, end: number): void {
    const stretch = this.#reader.finishPart(utterance, part, end);
    if (!stretch || !utterance.settings.speakers) return;
    const samples = this.#options.sound.read(stretch.from, stretch.to);
    const heard = this.#voicesOf(utterance).hear(samples, stretch.from, utterance);
    heard.catch(() => undefined); // seen when the utterance is told
    utterance.heard.push(heard);
  }

  /** The utterance has all of its sound, up to this sample. */
  commit(utterance: Utterance, end: number): void {
    utterance.end = end;
    this.#push({
      type: 'committed',
      utterance: utterance.id,
      ...(this.#previous !== undefined && { previous: this.#previous }),
      start: utterance.start / SAMPLE_RATE,
      end: end / SAMPLE_RATE,
    });
    this.#previous = utterance.id;
    this.finishPart(utterance, utterance.part, end);
    this.#unsettled.push(utterance);
    this.#telling = this.#telling.then(() => this.#settle(utterance, end));
  }

  fail({ id }: Utterance, error: unknown): void {
    this.#push({ type: 'failed', utterance: id, error: WhosaidError.from(error) });
  }

  async #settle(utterance: Utterance, end: number): Promise<void> {
    try {
      await utterance.telling;
      if (utterance.settings.speakers) await this.#tellSpeakers(utterance);
      this.#push({
        type: 'completed',
        utterance: utterance.id,
        text: utterance.text,
        words: utterance.tokens.map(({ word }) => word),
        language: utterance.language ?? utterance.settings.recognise.language ?? 'en',
        seconds: (end - utterance.start) / SAMPLE_RATE,
      });
    } catch (error) {
      this.fail(utterance, error);
    }
    this.#unsettled.shift();
  }

  async #tellSpeakers(utterance: Utterance): Promise<void> {
    const heard = await Promise.all(utterance.heard);
    const { id, tokens, settings, signal } = utterance;
    const words = tokens.map(({ word }) => word);
    const known = settings.speakers?.known ?? [];
    const names = await this.#voicesOf(utterance).name(words, { heard, known, signal });
    for (const segment of speakerSegments(tokens, names)) {
      this.#segments += 1;
      this.#push({ type: 'segment', utterance: id, id: `seg_${this.#segments}`, ...segment });
    }
    tokens.forEach((token, index) => {
      tokens[index] = { ...token, word: { ...token.word, speaker: names[index] as string } };
    });
  }

  #voicesOf({ settings }: Utterance): SessionVoices {
    const { speakers } = this.#options;
    if (!speakers) throw new TypeError('speakers are wanted, and there is no service for them');
    this.#voices ??= new SessionVoices(speakers, settings.speakers);
    return this.#voices;
  }

  #append(utterance: Utterance, text: string): void {
    const delta = utterance.text === '' ? text.trimStart() : text;
    if (delta === '' || utterance.signal.aborted) return;
    utterance.text += delta;
    this.#push({ type: 'delta', utterance: utterance.id, text: delta });
  }

  #push(event: LiveEvent): void {
    this.#events.push(event);
  }
}
