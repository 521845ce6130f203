import { SAMPLE_RATE } from '#services/asr/types.js';
import { note } from '../report/progress.js';
import { alignWords } from '../scoring/wer.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { type ListenedTo, listenTo, ofType, withoutGuesses } from './listen-to.js';
import { changesOf } from './measure-delay.js';

export type Sessions = {
  readonly sessions: number;
  readonly seconds: number;
  readonly utterances: number;
  /** Utterances that were committed and have no text in the end. */
  readonly lost: number;
  /** Words of sessions alone that are not told by sessions side by side. */
  readonly missingWords: number;
  readonly words: number;
  readonly changed: number;
  /** From the end of an utterance, silence included, to its `completed`, in seconds. */
  readonly delays: readonly number[];
  readonly mostBehindSeconds: number;
};

/** So many seconds of each recording. */
const SECONDS = 60;
/** Sessions do not begin in the same instant. */
const APART_SECONDS = 0.7;

/** Sessions side by side, in real time, with speakers; each with a recording of its own as far as there are enough. */
export async function measureSessions(
  { speech, speakers }: OpenPipeline,
  recordings: readonly Int16Array[],
  count: number,
): Promise<Sessions> {
  const sounds = Array.from({ length: count }, (_, session) => {
    const recording = recordings[session % recordings.length] as Int16Array;
    const skipped = session * APART_SECONDS * SAMPLE_RATE;
    return recording.subarray(skipped, skipped + SECONDS * SAMPLE_RATE);
  });
  note(`realtime: ${count} sessions, one after the other`);
  const alone: ListenedTo[] = [];
  for (const sound of sounds)
    alone.push(await listenTo(sound, { speech: withoutGuesses(speech), inRealTime: false }));
  note(`realtime: ${count} sessions side by side`);
  const heard = await Promise.all(
    sounds.map((sound) => listenTo(sound, { speech, speakers, inRealTime: true })),
  );
  const sum = (of: (session: ListenedTo, index: number) => number) =>
    heard.reduce((total, session, index) => total + of(session, index), 0);
  return {
    sessions: count,
    seconds: SECONDS,
    utterances: sum((session) => ofType(session, 'committed').length),
    lost: sum((each) => ofType(each, 'committed').length - ofType(each, 'completed').length),
    words: sum((_, index) => wordsOf(alone[index] as ListenedTo).length),
    missingWords: sum((each, index) => missing(wordsOf(alone[index] as ListenedTo), wordsOf(each))),
    changed: sum((each, index) => changesOf(each, alone[index] as ListenedTo).changed),
    delays: heard.flatMap(delaysOf),
    mostBehindSeconds: Math.max(...heard.map((session) => session.mostBehindSeconds)),
  };
}

function wordsOf(heard: ListenedTo): string[] {
  const text = ofType(heard, 'completed').map(({ event }) => event.text);
  return text
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

function missing(expected: readonly string[], found: readonly string[]): number {
  const key = (word: string) => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  return alignWords(expected.map(key), found.map(key)).deletions;
}

function delaysOf(heard: ListenedTo): number[] {
  const completed = ofType(heard, 'completed');
  return ofType(heard, 'committed').flatMap(({ event: { utterance, end } }) => {
    const done = completed.find(({ event }) => event.utterance === utterance);
    return done ? [done.at - end] : [];
  });
}
