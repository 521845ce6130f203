import { HEARING_FRAME, SAMPLE_RATE } from '#services/asr/types.js';
import { Ear } from './ear.js';
import type { LiveTranscriptionOptions } from './live-transcription.js';
import { PartCutter } from './part-cutter.js';
import { Sound } from './sound.js';
import { type Turn, TurnDetector, USUAL_DETECTION } from './turn-detector.js';
import type { LiveEvent, LiveSettings } from './types.js';
import { Utterance } from './utterance.js';
import { UtteranceTeller } from './utterance-teller.js';

/** Sound that is kept behind what is being listened to, for what is committed without a turn. */
const KEPT_SAMPLES = 11 * SAMPLE_RATE;
/** An utterance that would grow longer than this by another part is ended before it. */
const LONGEST_SECONDS = 28;

/** One session: finds utterances in its sound. Positions are samples since its first one. */
export class LiveSession {
  readonly #sound = new Sound();
  readonly #closing = new AbortController();
  readonly #ear: Ear;
  readonly #teller: UtteranceTeller;
  readonly #cutter: PartCutter;
  #settings: LiveSettings;
  #detector: TurnDetector;
  #open: Utterance | undefined;
  /** Where the last utterance ended, or what was cleared. */
  #boundary = 0;
  /** The same with what is still to be listened to. */
  #asked = 0;
  #finishing: Promise<void> | undefined;

  constructor({ speech, speakers, settings }: LiveTranscriptionOptions) {
    const sound = this.#sound;
    const { signal } = this.#closing;
    this.#settings = settings;
    this.#detector = detectorOf(settings);
    this.#cutter = new PartCutter(sound, speech);
    this.#teller = new UtteranceTeller({ sound, speech, speakers, signal });
    this.#ear = new Ear({
      sound,
      speech,
      signal,
      onFrame: (frame, probability) => this.#hear(this.#detector.push(frame, probability)),
      onDeaf: (error) => this.#lose(error),
    });
    void this.#ear.run();
  }

  get events(): AsyncIterable<LiveEvent> {
    return this.#teller.events;
  }

  get bufferedSamples(): number {
    const { turnDetection } = this.#settings;
    let from = Math.max(this.#boundary, this.#asked);
    if (turnDetection && !this.#open)
      from = Math.max(from, this.#sound.heard - turnDetection.prefixPaddingSeconds * SAMPLE_RATE);
    return Math.max(0, this.#sound.end - from);
  }

  get behindSamples(): number {
    return this.#sound.end - (this.#teller.oldest?.end ?? this.#sound.heard);
  }

  append(samples: Int16Array): void {
    if (this.#finishing || this.#closing.signal.aborted) return;
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
      this.#leave(at);
    });
  }

  configure(settings: LiveSettings): void {
    this.#ear.whenHeard(() => {
      this.#settings = settings;
      const open = this.#open;
      if (!open) this.#detector = detectorOf(settings);
      else if (settings.turnDetection && !open.endsByTurn) this.#endByTurn(open);
    });
  }

  finish(): Promise<void> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the session was closed'));
    await this.#teller.told;
  }

  async #finish(): Promise<void> {
    await this.#allHeard();
    if (this.#open) this.#stop(this.#open, this.#sound.end);
    await this.#teller.told;
    await this.close();
  }

  #allHeard(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
      this.#ear.whenHeard(resolve);
    });
  }

  #hear(turn: Turn | undefined): void {
    const { heard } = this.#sound;
    if (turn?.type === 'opened' && !this.#open) this.#begin(turn.frame * HEARING_FRAME);
    const open = this.#open;
    if (turn?.type === 'closed' && open?.endsByTurn) this.#stop(open, heard);
    else if (open) this.#goOn(open);
    this.#sound.forget(Math.min(heard - KEPT_SAMPLES, this.#open?.part.start ?? heard));
  }

  #goOn(open: Utterance): void {
    const { silentFrames, isOpen } = this.#detector;
    const cut = this.#cutter.cut(open, { silentFrames });
    if (cut !== undefined) this.#cut(open, cut);
    else if (isOpen) this.#teller.guess(open, { silentFrames });
  }

  /** @param speech Where speech begins; absent: it goes on from the utterance before. */
  #begin(speech?: number): void {
    const { turnDetection } = this.#settings;
    const padding = (turnDetection?.prefixPaddingSeconds ?? 0) * SAMPLE_RATE;
    const padded = turnDetection && speech !== undefined ? Math.round(speech - padding) : 0;
    this.#open = this.#utterance(Math.max(this.#boundary, padded));
    if (turnDetection) this.#teller.started(this.#open);
  }

  #utterance(start: number): Utterance {
    return new Utterance(start, this.#settings, this.#closing.signal);
  }

  /** Nobody will commit this utterance any more: it ends with the speech that is under way. */
  #endByTurn(utterance: Utterance): void {
    utterance.endsByTurn = true;
    if (!this.#detector.isOpen) this.#commit(this.#sound.heard);
  }

  /** What is still spoken goes on in another part, or in another utterance where this one is long. */
  #cut(utterance: Utterance, at: number): void {
    const seconds = (at - utterance.start) / SAMPLE_RATE;
    if (utterance.endsByTurn && seconds + this.#cutter.longestSeconds > LONGEST_SECONDS) {
      const detector = this.#detector;
      this.#stop(utterance, at);
      this.#detector = detector;
      this.#begin();
    } else this.#teller.finishPart(utterance, utterance.nextPart(at), at);
  }

  #stop(utterance: Utterance, at: number): void {
    if (utterance.settings.turnDetection) this.#teller.stopped(utterance, at);
    this.#commit(at);
  }

  /** Ends the utterance here, with speech or without. */
  #commit(at: number): void {
    const { turnDetection } = this.#settings;
    const kept = (turnDetection?.prefixPaddingSeconds ?? Number.POSITIVE_INFINITY) * SAMPLE_RATE;
    const utterance = this.#open ?? this.#utterance(Math.max(this.#boundary, at - kept));
    this.#leave(at);
    this.#teller.commit(utterance, at);
  }

  /** Sound could not be listened to: what is open fails, or what would have been. */
  #lose(error: unknown): void {
    const utterance = this.#open ?? this.#utterance(this.#boundary);
    utterance.abandon();
    this.#leave(this.#sound.heard);
    this.#teller.fail(utterance, error);
  }

  /** No utterance is open any more, and what is before this belongs to none to come. */
  #leave(at: number): void {
    this.#open = undefined;
    this.#boundary = at;
    this.#detector = detectorOf(this.#settings);
  }
}

function detectorOf({ turnDetection = USUAL_DETECTION }: LiveSettings): TurnDetector {
  return new TurnDetector(turnDetection);
}
