import assert from 'node:assert/strict';
import { createLiveTranscription } from '#services/live/live-transcription.js';
import type {
  LiveEvent,
  LiveSettings,
  LiveTranscription,
  TurnDetection,
} from '#services/live/types.js';
import { ScriptedSpeech, scriptedSound, speak } from '../../support/scripted-speech.js';

export const turnDetection: TurnDetection = {
  threshold: 0.5,
  prefixPaddingSeconds: 0.3,
  silenceSeconds: 0.2,
};
export const byTurns: LiveSettings = { turnDetection, recognise: {} };
export const byHand: LiveSettings = { recognise: {} };

export type Session = {
  live: LiveTranscription;
  speech: ScriptedSpeech;
  events: LiveEvent[];
  read: Promise<void>;
};

export function open(settings: LiveSettings = byTurns, speech = new ScriptedSpeech()): Session {
  const live = createLiveTranscription({ speech, settings });
  const events: LiveEvent[] = [];
  const read = (async () => {
    for await (const event of live.events) events.push(event);
  })();
  return { live, speech, events, read };
}

/** All events of a session that hears this and is finished. */
export async function eventsOf(
  sound: Int16Array,
  options: { settings?: LiveSettings; pieceSeconds?: number } = {},
) {
  const { live, events, read } = open(options.settings);
  await speak(live, sound, options);
  await live.finish();
  await read;
  return events;
}

export function ofType<Type extends LiveEvent['type']>(events: readonly LiveEvent[], type: Type) {
  return events.filter((event): event is Extract<LiveEvent, { type: Type }> => event.type === type);
}

export const textsOf = (events: readonly LiveEvent[]) =>
  ofType(events, 'completed').map(({ text }) => text);

export const near = (found: number | undefined, expected: number) =>
  assert.ok(
    Math.abs((found ?? Number.NaN) - expected) <= 0.05,
    `${found}, expected about ${expected}`,
  );

export const twoSentences = scriptedSound([
  [0, 1],
  [1, 0.5],
  [2, 0.5],
  [0, 0.6],
  [3, 0.7],
  [0, 1],
]);

/** One word, `w2`, with silence around it. */
export const secondWord = scriptedSound([
  [0, 1],
  [2, 1],
  [0, 1],
]);
