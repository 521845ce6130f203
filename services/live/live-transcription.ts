import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { LiveSession } from './live-session.js';
import type { LiveSettings, LiveTranscription } from './types.js';

export type LiveTranscriptionOptions = {
  /** Of the session alone: sessions and recordings take turns. */
  readonly speech: SpeechService;
  /** Needed where settings ask for speakers. */
  readonly speakers?: SpeakerService;
  readonly settings: LiveSettings;
};

/** Shorter sound is no utterance. */
export const MIN_COMMIT_SECONDS = 0.1;

/** Begins a session. Engines are asked when sound comes; whoever makes it ends it with `finish` or `close`. */
export function createLiveTranscription(options: LiveTranscriptionOptions): LiveTranscription {
  const session = new LiveSession(options);
  return {
    append: (samples) => session.append(samples),
    get bufferedSeconds() {
      return session.bufferedSamples / SAMPLE_RATE;
    },
    get behindSeconds() {
      return session.behindSamples / SAMPLE_RATE;
    },
    commit() {
      if (session.bufferedSamples < MIN_COMMIT_SECONDS * SAMPLE_RATE) return false;
      session.commit();
      return true;
    },
    clear: () => session.clear(),
    configure: (settings) => session.configure(settings),
    events: session.events,
    finish: () => session.finish(),
    close: () => session.close(),
  };
}
