import { HEARING_FRAME, SAMPLE_RATE } from '#services/asr/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { Ear } from './ear.js';
import { EventQueue } from './event-queue.js';
import type { LiveTranscriptionOptions } from './live-transcription.js';
import { PartCutter } from './part-cutter.js';
import { SessionVoices } from './session-voices.js';
import { Sound } from './sound.js';
import { speakerSegments } from './speaker-segments.js';
import { type Turn, TurnDetector, USUAL_DETECTION } from './turn-detector.js';
import type { LiveEvent, LiveSettings } from './types.js';
import { type Part, Utterance } from './utterance.js';
import { UtteranceReader } from './utterance-reader.js';

/** Sound that is kept behind what is being listened to: what speaker models want to hear before a part. */
const KEPT_SAMPLES = 11 * SAMPLE_RATE;
/** An utterance that grows longer than this by another part is ended before it. */
const LONGEST_SECONDS = 28;

type EventOfUtterance = LiveEvent extends infer Each
  ? Each extends LiveEvent
    ? Omit<Each, 'utterance'>
    : never
  : never;

/** The state of one session. Positions are samples since its first one. */
export class LiveSession {
  readonly #events = new EventQueue<LiveEvent>();
  readonly #sound = new Sound();
  readonly #closing = new AbortController();
  readonly #ear: Ear;
  readonly #reader: UtteranceReader;
  readonly #cutter: PartCutter;
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
  readonly #speakers: SpeakerService | undefined;
  /** Made when it is needed first. */
  #heardVoices: SessionVoices | undefined;
  /** Told so far. */
  #segments = 0;

  constructor({ speech, speakers, settings }: LiveTranscriptionOptions) {
    const sound = this.#sound;
    this.#settings = settings;
    this.#speakers = speakers;
    this.#detector = detectorOf(settings);
    this.#cutter = new PartCutter(sound, speech.maxSegmentSeconds);
    this.#reader = new UtteranceReader({
      sound,
      speech,
      onDelta: (utterance, text) => this.#append(utterance, text),
    });
    this.#ear = new Ear({
      sound,
      speech,
      signal: this.#closing.signal,
      onFrame: (frame, probability) => this.#hear(this.#detector.push(frame, probability)),
      onDeaf: (error) => this.#lose(error),
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
      const open = this.#open;
      if (!open) this.#detector = detectorOf(settings);
      else if (settings.turnDetection && !open.endsByTurn) this.#endByTurn(open);
    });
  }

  async finish(): Promise<void> {
    if (!this.#hasFinished) {
      this.#hasFinished = true;
      await this.#allHeard();
      if (this.#open) this.#stop(this.#open, this.#sound.end);
    }
    await this.#telling;
    this.#end();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#telling;
  }

  #allHeard(): Promise<void> {
    return new Promise((resolve) => {
      this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
      this.#ear.whenHeard(resolve);
    });
  }

  #end(): void {
    this.#closing.abort(new Error('the session was closed'));
    this.#events.end();
  }

  #hear(turn: Turn | undefined): void {
    const { heard } = this.#sound;
    if (turn?.type === 'opened' && !this.#open) this.#begin(turn.frame * HEARING_FRAME);
    const open = this.#open;
    if (turn?.type === 'closed' && open?.endsByTurn) this.#stop(open, heard);
    else if (open) {
      const { silentFrames } = this.#detector;
      const cut = this.#cutter.cut(open, { silentFrames });
      if (cut !== undefined) this.#cut(open, cut);
      else if (this.#detector.isOpen) this.#reader.guess(open, { silentFrames });
    }
    this.#sound.forget(Math.min(heard - KEPT_SAMPLES, this.#open?.part.start ?? heard));
  }

  /** @param speech Where speech begins; absent: it goes on from the utterance before. */
  #begin(speech?: number): void {
    const { turnDetection } = this.#settings;
    const padding = (turnDetection?.prefixPaddingSeconds ?? 0) * SAMPLE_RATE;
    const padded = turnDetection && speech !== undefined ? Math.round(speech - padding) : 0;
    const start = Math.max(this.#boundary, padded);
    this.#open = new Utterance(start, this.#settings, this.#closing.signal);
    if (turnDetection)
      this.#tell(this.#open, { type: 'speech-started', start: start / SAMPLE_RATE });
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
    } else this.#finishPart(utterance, utterance.nextPart(at), at);
  }

  #stop(utterance: Utterance, at: number): void {
    if (utterance.settings.turnDetection)
      this.#tell(utterance, { type: 'speech-stopped', end: at / SAMPLE_RATE });
    this.#commit(at);
  }

  /** Ends the utterance here, with speech or without. */
  #commit(at: number): void {
    const { turnDetection } = this.#settings;
    const kept = (turnDetection?.prefixPaddingSeconds ?? Number.POSITIVE_INFINITY) * SAMPLE_RATE;
    const silent = () =>
      new Utterance(Math.max(this.#boundary, at - kept), this.#settings, this.#closing.signal);
    const utterance = this.#open ?? silent();
    utterance.end = at;
    this.#open = undefined;
    this.#boundary = at;
    this.#detector = detectorOf(this.#settings);
    this.#tell(utterance, {
      type: 'committed',
      ...(this.#previous !== undefined && { previous: this.#previous }),
      start: utterance.start / SAMPLE_RATE,
      end: at / SAMPLE_RATE,
    });
    this.#previous = utterance.id;
    this.#finishPart(utterance, utterance.part, at);
    this.#unsettled.push(utterance);
    this.#telling = this.#telling.then(() => this.#settle(utterance, at));
  }

  #finishPart(utterance: Utterance, part: Part, end: number): void {
    const stretch = this.#reader.finishPart(utterance, part, end);
    if (!stretch || !utterance.settings.speakers) return;
    const samples = this.#sound.read(stretch.from, stretch.to);
    const heard = this.#voices().hear(samples, stretch.from, utterance);
    heard.catch(() => undefined); // seen when the utterance is told
    utterance.heard.push(heard);
  }

  #voices(): SessionVoices {
    if (!this.#speakers) throw new TypeError('speakers are wanted, and no service finds them');
    this.#heardVoices ??= new SessionVoices(this.#speakers, this.#settings.speakers);
    return this.#heardVoices;
  }

  async #settle(utterance: Utterance, end: number): Promise<void> {
    try {
      await utterance.telling;
      if (utterance.settings.speakers) await this.#tellSpeakers(utterance);
      this.#tell(utterance, {
        type: 'completed',
        text: utterance.text,
        words: utterance.tokens.map(({ word }) => word),
        language: utterance.language ?? utterance.settings.recognise.language ?? 'en',
        seconds: (end - utterance.start) / SAMPLE_RATE,
      });
    } catch (error) {
      this.#tell(utterance, { type: 'failed', error: WhosaidError.from(error) });
    }
    this.#unsettled.shift();
  }

  async #tellSpeakers(utterance: Utterance): Promise<void> {
    const heard = await Promise.all(utterance.heard);
    const { tokens, settings, signal } = utterance;
    const words = tokens.map(({ word }) => word);
    const known = settings.speakers?.known ?? [];
    const names = await this.#voices().name(words, { heard, known, signal });
    for (const segment of speakerSegments(tokens, names)) {
      this.#segments += 1;
      this.#tell(utterance, { type: 'segment', id: `seg_${this.#segments}`, ...segment });
    }
    tokens.forEach((token, index) => {
      tokens[index] = { ...token, word: { ...token.word, speaker: names[index] as string } };
    });
  }

  /** Sound could not be listened to: what is open fails, or what would have been. */
  #lose(error: unknown): void {
    const utterance =
      this.#open ?? new Utterance(this.#boundary, this.#settings, this.#closing.signal);
    utterance.abandon();
    this.#open = undefined;
    this.#boundary = this.#sound.heard;
    this.#detector.reset();
    this.#tell(utterance, { type: 'failed', error: WhosaidError.from(error) });
  }

  #append(utterance: Utterance, text: string): void {
    const delta = utterance.text === '' ? text.trimStart() : text;
    if (delta === '') return;
    utterance.text += delta;
    this.#tell(utterance, { type: 'delta', text: delta });
  }

  #tell({ id, signal }: Utterance, event: EventOfUtterance): void {
    if (this.#closing.signal.aborted) return;
    if (signal.aborted && event.type !== 'failed') return;
    this.#events.push({ ...event, utterance: id } as LiveEvent);
  }
}

function detectorOf({ turnDetection = USUAL_DETECTION }: LiveSettings): TurnDetector {
  return new TurnDetector(turnDetection);
}
