import { setTimeout as pause } from 'node:timers/promises';
import type { WebSocket } from 'ws';
import { createLiveTranscription } from '#services/live/live-transcription.js';
import type { LiveEvent, LiveTranscription } from '#services/live/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import type { AppDeps } from '../app-deps.js';
import type { Metrics } from '../metrics/metrics.js';
import type { SessionEnd } from '../metrics/realtime-events.js';
import type { LiveChoice } from './choose-live.js';
import { type ClientEvent, readEvent, readMessage } from './client-events.js';
import { endings } from './endings.js';
import { Inbox, type Message } from './inbox.js';
import { createOutbox, type Outbox } from './outbox.js';
import { placed } from './placed-error.js';
import { readSession, type SessionShape } from './read-session.js';
import { LOGPROBS, type SessionSettings } from './session-settings.js';
import { SessionSound } from './session-sound.js';
import { type SessionIdentity, shownSession } from './shown-session.js';
import { createSwitchingSpeech, type SwitchingSpeech } from './switching-speech.js';
import { eventsOf } from './tell-events.js';

export type SessionOptions = {
  readonly socket: WebSocket;
  readonly identity: SessionIdentity;
  /** In which of OpenAI's shapes the client speaks of sessions, until it says otherwise. */
  readonly shape: SessionShape;
  readonly settings: SessionSettings;
  readonly choice: LiveChoice;
  /** What settings mean here. Rejects with the catalogue's error for what cannot be had. */
  readonly choose: (settings: SessionSettings) => Promise<LiveChoice>;
  readonly manager: Pick<AppDeps['manager'], 'speech' | 'speakers'>;
  readonly limits: SessionLimits;
  readonly metrics: Pick<Metrics, 'realtimeEvent' | 'audioWorked'>;
  readonly logger: Logger;
};

export type SessionLimits = {
  readonly sessionSeconds: number;
  readonly idleSeconds: number;
  /** Sound that may wait to be committed where nothing detects turns. */
  readonly bufferSeconds: number;
  /** For the rest of the work, and for the client to close. */
  readonly endMs: number;
};

/** One realtime session, from `session.created` until its socket is closed: `run()`, once. */
export class RealtimeSession {
  readonly #options: SessionOptions;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #live: LiveTranscription;
  readonly #speech: SwitchingSpeech;
  readonly #sound: SessionSound;
  /** Aborts when the session ends: what is still to be handed on is not any more. */
  readonly #over = new AbortController();
  #idle: NodeJS.Timeout;
  #settings: SessionSettings;
  #shape: SessionShape;
  /** Resolves when the client was told all that there was. */
  #told: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;
  #reason: SessionEnd | undefined;

  constructor(options: SessionOptions) {
    const { socket, choice, settings, manager, limits } = options;
    this.#options = options;
    this.#settings = settings;
    this.#shape = options.shape;
    const { recognise } = choice.settings;
    this.#speech = createSwitchingSpeech(manager.speech(choice.entry.id), recognise);
    this.#live = createLiveTranscription({
      speech: this.#speech,
      speakers: manager.speakers(),
      settings: choice.settings,
    });
    this.#sound = new SessionSound({
      live: this.#live,
      format: settings.format,
      bufferSeconds: limits.bufferSeconds,
      signal: this.#over.signal,
      onHeard: (seconds) => options.metrics.realtimeEvent({ type: 'heard', seconds }),
    });
    this.#outbox = createOutbox(socket, { onOverflow: () => this.end('slow') });
    this.#inbox = new Inbox(socket, (message) => this.#receive(message));
    this.#idle = this.#idleTimer();
  }

  /** Seconds of sound that came. */
  get audioSeconds(): number {
    return this.#sound.seconds;
  }

  /** Resolves with the reason when the socket is closed and nothing is left of the session. Never rejects. */
  async run(): Promise<SessionEnd> {
    const { socket, limits } = this.#options;
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
    });
    // What is wrong with a frame is told by the code that closes the socket.
    socket.on('error', () => {});
    const expiry = setTimeout(() => this.end('expired'), 1000 * limits.sessionSeconds);
    const kind = this.#shape === 'flat' ? 'transcription_session' : 'session';
    this.#outbox.send({ type: `${kind}.created`, session: this.#shown() });
    this.#told = this.#tellAll();
    await closed;
    this.#over.abort();
    clearTimeout(expiry);
    clearTimeout(this.#idle);
    this.#inbox.close();
    await this.#live.close();
    await this.#told;
    return this.#reason ?? 'client';
  }

  /**
   * Ends the session: what was sent is transcribed first where the client is there to read it. Idempotent.
   */
  end(reason: SessionEnd): void {
    this.#reason ??= reason;
    this.#ending ??= this.#end(this.#reason);
  }

  async #end(reason: SessionEnd): Promise<void> {
    const { socket, limits } = this.#options;
    this.#over.abort();
    const { error, code } = endings(reason, limits);
    if (code === undefined) return socket.terminate();
    this.#inbox.close();
    this.#sound.flush();
    const finished = this.#live.finish().then(() => this.#told);
    await Promise.race([finished, pause(limits.endMs, undefined, { ref: false })]);
    if (error) this.#tellError(error);
    socket.close(code, error?.entry.code ?? reason);
  }

  async #receive(message: Message): Promise<void> {
    let eventId: string | undefined;
    try {
      const raw = readMessage(message);
      eventId = raw.eventId;
      await this.#carryOut(readEvent(raw));
    } catch (thrown) {
      const error = WhosaidError.from(thrown);
      if (error.key === 'internal_error')
        this.#options.logger.error('A realtime event failed', { error: thrown });
      this.#tellError(error, eventId);
    }
  }

  async #carryOut(event: ClientEvent): Promise<void> {
    switch (event.type) {
      case 'session.update':
        return this.#update(event.session, 'nested');
      case 'transcription_session.update':
        return this.#update(event.session, 'flat');
      case 'input_audio_buffer.append':
        return this.#append(event.bytes);
      case 'input_audio_buffer.commit':
        return this.#commit();
      case 'input_audio_buffer.clear':
        this.#sound.clear();
        this.#live.clear();
        return this.#outbox.send({ type: 'input_audio_buffer.cleared' });
    }
  }

  async #update(session: unknown, shape: SessionShape): Promise<void> {
    this.#shape = shape;
    const settings = readSession(session, { current: this.#settings, shape });
    const choice = await this.#options.choose(settings).catch((thrown: unknown) => {
      throw placed(thrown, shape);
    });
    const { entry, settings: live } = choice;
    this.#speech.use(this.#options.manager.speech(entry.id), live.recognise);
    this.#live.configure(live);
    this.#sound.use(settings.format);
    this.#settings = settings;
    const kind = shape === 'flat' ? 'transcription_session' : 'session';
    this.#outbox.send({ type: `${kind}.updated`, session: this.#shown() });
  }

  async #append(bytes: Buffer): Promise<void> {
    // While the engines keep it waiting, the client is not idle.
    clearTimeout(this.#idle);
    await this.#sound.append(bytes, { commitsAlone: this.#settings.turnDetection === null });
    if (!this.#over.signal.aborted) this.#idle = this.#idleTimer();
  }

  #idleTimer(): NodeJS.Timeout {
    return setTimeout(() => this.end('idle'), 1000 * this.#options.limits.idleSeconds);
  }

  #commit(): void {
    this.#sound.flush();
    const received = Math.floor(1000 * this.#live.bufferedSeconds);
    if (!this.#live.commit()) throw new WhosaidError('realtime_buffer_empty', { received });
  }

  async #tellAll(): Promise<void> {
    try {
      for await (const event of this.#live.events) this.#tell(event);
    } catch (error) {
      this.#options.logger.error('A realtime session failed', { error });
      this.end('failed');
    }
  }

  #tell(event: LiveEvent): void {
    const hasLogprobs = this.#settings.include?.includes(LOGPROBS) ?? false;
    const options = { shape: this.#shape, hasLogprobs };
    for (const each of eventsOf(event, options)) this.#outbox.send(each);
    const { metrics } = this.#options;
    const { arrivals } = this.#sound;
    if (event.type === 'committed') arrivals.committed(event.utterance, event.end);
    if (event.type !== 'completed' && event.type !== 'failed') return;
    const delaySeconds = arrivals.settled(event.utterance);
    if (event.type === 'failed') {
      metrics.realtimeEvent({ type: 'error', key: event.error.key });
    } else {
      metrics.audioWorked(event.seconds);
      if (delaySeconds !== undefined) metrics.realtimeEvent({ type: 'completed', delaySeconds });
    }
  }

  #tellError(error: WhosaidError, eventId?: string): void {
    this.#options.metrics.realtimeEvent({ type: 'error', key: error.key });
    this.#outbox.sendError(error, eventId);
  }

  #shown(): object {
    return shownSession(this.#settings, { ...this.#options.identity, shape: this.#shape });
  }
}
