import { setTimeout as pause } from 'node:timers/promises';
import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { createLiveTranscription } from '#services/live/live-transcription.js';
import type { LiveEvent, LiveTranscription } from '#services/live/types.js';

export type ListenOptions = {
  readonly speech: SpeechService;
  /** Present: utterances have speakers. */
  readonly speakers?: SpeakerService;
  /** Sound comes as fast as a microphone gives it; otherwise as fast as it is listened to. */
  readonly inRealTime: boolean;
};

/** An event and when it came, in seconds since the first sample was appended. */
export type TimedEvent = { readonly event: LiveEvent; readonly at: number };

export type ListenedTo = {
  readonly events: readonly TimedEvent[];
  /** Most seconds of sound that waited for the engines. */
  readonly mostBehindSeconds: number;
};

/** Pieces as a browser sends them. */
const PIECE_SAMPLES = 0.04 * SAMPLE_RATE;
/** Faster than real time, so much may wait: little enough that text is made while somebody speaks. */
const MOST_WAITING_SECONDS = 0.4;

/** Gives sound to a session with the usual turn detection, and waits for all that it tells. */
export async function listenTo(samples: Int16Array, options: ListenOptions): Promise<ListenedTo> {
  const { speech, speakers, inRealTime } = options;
  const live = createLiveTranscription({
    speech,
    ...(speakers && { speakers }),
    settings: {
      turnDetection: { threshold: 0.5, prefixPaddingSeconds: 0.3, silenceSeconds: 0.2 },
      recognise: {},
      ...(speakers && { speakers: { known: [] } }),
    },
  });
  const events: TimedEvent[] = [];
  const beganMs = performance.now();
  const reading = (async () => {
    for await (const event of live.events)
      events.push({ event, at: (performance.now() - beganMs) / 1000 });
  })();
  let mostBehindSeconds = 0;
  for (let at = 0; at < samples.length; at += PIECE_SAMPLES) {
    if (inRealTime) await pause(beganMs + (at / SAMPLE_RATE) * 1000 - performance.now());
    else await untilHeard(live);
    live.append(samples.subarray(at, at + PIECE_SAMPLES));
    mostBehindSeconds = Math.max(mostBehindSeconds, live.behindSeconds);
  }
  await live.finish();
  await reading;
  return { events, mostBehindSeconds };
}

async function untilHeard(live: LiveTranscription): Promise<void> {
  while (live.behindSeconds > MOST_WAITING_SECONDS) await pause(1);
}

/** The service without guesses: its answers are those at the end of utterances alone. */
export function withoutGuesses(speech: SpeechService): SpeechService {
  return {
    batchSize: speech.batchSize,
    ...(speech.maxSegmentSeconds !== undefined && { maxSegmentSeconds: speech.maxSegmentSeconds }),
    places: 1,
    freePlaces: 0,
    detect: (samples, call) => speech.detect(samples, call),
    listen: (hearing, call) => speech.listen(hearing, call),
    detectLanguage: (segment, call) => speech.detectLanguage(segment, call),
    recognise: (segments, options, call) => speech.recognise(segments, options, call),
  };
}

/** Events of one type, with when they came. */
export function ofType<Type extends LiveEvent['type']>(
  { events }: ListenedTo,
  type: Type,
): { readonly event: Extract<LiveEvent, { type: Type }>; readonly at: number }[] {
  return events.filter(
    (each): each is { event: Extract<LiveEvent, { type: Type }>; at: number } =>
      each.event.type === type,
  );
}
