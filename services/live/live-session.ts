import { HEARING_FRAME, SAMPLE_RATE } from '#services/asr/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { Ear } from './ear.js';
import { EventQueue } from './event-queue.js';
import type { LiveTranscriptionOptions } from './live-transcription.js';
import { type ReadStretch, readStretch } from './read-stretch.js';
import { Sound } from './sound.js';
import { spokenStretch } from './spoken-stretch.js';
import { type Turn, TurnDetector } from './turn-detector.js';
import type { LiveEvent, LiveSettings, TurnDetection } from './types.js';
import { Utterance } from './utterance.js';

/** What counts as speech where utterances end by `commit` alone. */
const USUAL_DETECTION: TurnDetection = {
  threshold: 0.5,
  prefixPaddingSeconds: 0.3,
  silenceSeconds: 0.2,
};

/** The state of one session. Positions are samples since its first one. */
export class LiveSession {
  readonly #options: LiveTranscriptionOptions;
  readonly #events = new EventQueue<LiveEvent>();
  readonly #sound = new Sound();
  readonly #closing = new AbortController();
  readonly #ear: Ear;
  #settings: LiveSettings;
  #detector: TurnDetector;
  #open: Utterance | undefined;
  /** Where the last utterance ended, or what was cleared. */
  #boundary = 0;
  /** The same with what is still to be listened to. */
  #asked = 0;
  #previous: string | undefined;
  readonly #unsettled: Utterance[] = [];
  /** Utterances are told one after the other. */
  #telling: Promise<void> = Promise.resolve();
  #hasFinished = false;

  constructor(options: LiveTranscriptionOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#detector = new TurnDetector(options.settings.turnDetection ?? USUAL_DETECTION);
    this.#ear = new Ear({
      sound: this.#sound,
      speech: options.speech,
      signal: this.#closing.signal,
      onFrame: (frame, probability) => this.#hear(this.#detector.push(frame, probability)),
      onDeaf: (error) => this.#loseOpen(error),
    });
    void this.#ear.run();
  }

  get events(): AsyncIterable<LiveEvent> {
    return this.#events;
  }

  get bufferedSamples(): number {
    const { turnDetection } = this.#settings;
    let from = Math.max(this.#boundary, this.#asked);
    if (turnDetection && !this.#open)
      from = Math.max(from, this.#sound.heard - turnDetection.prefixPaddingSeconds * SAMPLE_RATE);
    return Math.max(0, this.#sound.end - from);
  }

  get behindSamples(): number {
    return this.#sound.end - (this.#unsettled[0]?.end ?? this.#sound.heard);
  }

  append(samples: Int16Array): void {
    if (this.#hasFinished || this.#closing.signal.aborted) return;
    this.#sound.append(samples);
    this.#ear.notice();
  }

  commit(): void {
    const at = this.#sound.end;
    this.#asked = at;
    this.#ear.whenHeard(() => this.#commit(at));
  }

  clear(): void {
    const at = this.#sound.end;
    this.#asked = at;
    this.#ear.whenHeard(() => {
      this.#open?.abandon();
      this.#open = undefined;
      this.#boundary = at;
      this.#detector.reset();
    });
  }

  configure(settings: LiveSettings): void {
    this.#ear.whenHeard(() => {
      this.#settings = settings;
      if (!this.#open) this.#detector = new TurnDetector(settings.turnDetection ?? USUAL_DETECTION);
    });
  }

  async finish(): Promise<void> {
    if (!this.#hasFinished) {
      this.#hasFinished = true;
      const at = this.#sound.end;
      await new Promise<void>((resolve) => {
        this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
        this.#ear.whenHeard(() => {
          if (this.#open && this.#detectsTurns(this.#open)) this.#stop(this.#open, at);
          else if (this.#open) this.#commit(at);
          resolve();
        });
      });
    }
    await this.#telling;
    this.#end();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#telling;
  }

  #end(): void {
    this.#closing.abort(new Error('the session was closed'));
    this.#events.end();
  }

  #detectsTurns({ settings }: Utterance): boolean {
    return settings.turnDetection !== undefined;
  }

  #hear(turn: Turn | undefined): void {
    const heard = this.#sound.heard;
    if (turn?.type === 'opened' && !this.#open) this.#begin(turn.frame * HEARING_FRAME);
    if (turn?.type === 'closed' && this.#open && this.#detectsTurns(this.#open))
      this.#stop(this.#open, heard);
    if (!this.#open && this.#settings.turnDetection) {
      const { prefixPaddingSeconds } = this.#settings.turnDetection;
      this.#sound.forget(heard - (prefixPaddingSeconds + 1) * SAMPLE_RATE);
    }
  }

  #begin(speech: number): void {
    const { turnDetection } = this.#settings;
    const padding = (turnDetection?.prefixPaddingSeconds ?? 0) * SAMPLE_RATE;
    const start = turnDetection
      ? Math.max(this.#boundary, Math.round(speech - padding))
      : this.#boundary;
    this.#open = new Utterance(start, this.#settings, this.#closing.signal);
    if (turnDetection) this.#tell({ type: 'speech-started', start: start / SAMPLE_RATE });
  }

  #stop(utterance: Utterance, at: number): void {
    this.#tell({ type: 'speech-stopped', end: at / SAMPLE_RATE }, utterance);
    this.#commit(at);
  }

  /** Ends the utterance here, with speech or without. */
  #commit(at: number): void {
    const silent = () => new Utterance(this.#boundary, this.#settings, this.#closing.signal);
    const utterance = this.#open ?? silent();
    utterance.end = at;
    this.#open = undefined;
    this.#boundary = at;
    this.#detector = new TurnDetector(this.#settings.turnDetection ?? USUAL_DETECTION);
    const previous = this.#previous;
    this.#previous = utterance.id;
    this.#tell(
      {
        type: 'committed',
        ...(previous !== undefined && { previous }),
        start: utterance.start / SAMPLE_RATE,
        end: at / SAMPLE_RATE,
      },
      utterance,
    );
    this.#unsettled.push(utterance);
    const read = this.#read(utterance, at);
    read.catch(() => undefined); // seen when it is this utterance's turn to be told
    this.#telling = this.#telling.then(() => this.#settle(utterance, read));
    this.#sound.forget(at);
  }

  async #read(utterance: Utterance, end: number): Promise<ReadStretch> {
    const { settings, start, signal } = utterance;
    const { threshold } = settings.turnDetection ?? USUAL_DETECTION;
    const stretch = spokenStretch(this.#sound, { from: start, to: end, threshold });
    if (!stretch) return { text: '', words: [], language: settings.recognise.language ?? 'en' };
    return readStretch(stretch, this.#sound.read(stretch.from, stretch.to), {
      speech: this.#options.speech,
      recognise: settings.recognise,
      isUrgent: true,
      signal,
    });
  }

  async #settle(utterance: Utterance, read: Promise<ReadStretch>): Promise<void> {
    const seconds = ((utterance.end ?? utterance.start) - utterance.start) / SAMPLE_RATE;
    try {
      const { text, words, language } = await read;
      if (text !== '') this.#tell({ type: 'delta', text }, utterance);
      this.#tell({ type: 'completed', text, words, language, seconds }, utterance);
    } catch (error) {
      this.#tell({ type: 'failed', error: WhosaidError.from(error) }, utterance);
    }
    this.#unsettled.shift();
  }

  #loseOpen(error: unknown): void {
    const utterance =
      this.#open ?? new Utterance(this.#boundary, this.#settings, this.#closing.signal);
    utterance.abandon();
    this.#open = undefined;
    this.#boundary = this.#sound.heard;
    this.#detector.reset();
    this.#tell({ type: 'failed', error: WhosaidError.from(error) }, utterance);
  }

  #tell(
    event: LiveEvent extends infer Each
      ? Each extends LiveEvent
        ? Omit<Each, 'utterance'>
        : never
      : never,
    utterance: Utterance | undefined = this.#open,
  ): void {
    if (utterance) this.#events.push({ ...event, utterance: utterance.id } as LiveEvent);
  }
}
