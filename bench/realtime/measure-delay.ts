import { note } from '../report/progress.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { type ListenedTo, listenTo, ofType, withoutGuesses } from './listen-to.js';
import { type Clips, threeSecondClips } from './three-second-clips.js';

export type Delays = {
  /** From the end of each sentence's speech to its `completed`, in seconds. */
  readonly completed: readonly number[];
  /** From the beginning of an utterance to its first delta, in seconds. */
  readonly firstDelta: readonly number[];
  /** Deltas for each utterance. */
  readonly deltas: number;
  /** Utterances, and how many of them have another text than without guesses. */
  readonly utterances: number;
  readonly changed: number;
};

/** How long after a sentence an utterance may end and still be that sentence's. */
const LATE_SECONDS = 1;

/** Sentences of about three seconds in real time, without speakers and with them. */
export async function measureDelay(
  pipeline: OpenPipeline,
  recordings: readonly Int16Array[],
  count: number,
): Promise<{ readonly alone: Delays; readonly withSpeakers: Delays }> {
  const { speech, speakers } = pipeline;
  const clips = await threeSecondClips(recordings, { speech, count });
  note(`realtime: ${clips.ends.length} sentences without guesses`);
  const plain = withoutGuesses(speech);
  const unguessed = await listenTo(clips.samples, { speech: plain, inRealTime: false });
  note('realtime: the same in real time');
  const alone = await listenTo(clips.samples, { speech, inRealTime: true });
  note('realtime: the same with speakers');
  // They are loaded with the first call.
  await speakers.sample(clips.samples.subarray(0, 32_000));
  const withSpeakers = await listenTo(clips.samples, { speech, speakers, inRealTime: true });
  return {
    alone: delaysOf(alone, unguessed, clips),
    withSpeakers: delaysOf(withSpeakers, unguessed, clips),
  };
}

function delaysOf(heard: ListenedTo, unguessed: ListenedTo, { ends }: Clips): Delays {
  const committed = ofType(heard, 'committed');
  const completed = ofType(heard, 'completed');
  const deltas = ofType(heard, 'delta');
  const delays = ends.flatMap((end) => {
    // `committed.end` has the silence that ended the utterance.
    const own = committed.find(({ event }) => event.end > end && event.end < end + LATE_SECONDS);
    const done = completed.find(({ event }) => event.utterance === own?.event.utterance);
    return done ? [done.at - end] : [];
  });
  const firstDeltas = ofType(heard, 'speech-started').flatMap(({ event: { utterance, start } }) => {
    const first = deltas.find(({ event }) => event.utterance === utterance);
    return first ? [first.at - start] : [];
  });
  return {
    completed: delays,
    firstDelta: firstDeltas,
    deltas: deltas.length / Math.max(1, completed.length),
    ...changesOf(heard, unguessed),
  };
}

/** How many utterances have another text than they have without guesses. */
export function changesOf(
  heard: ListenedTo,
  unguessed: ListenedTo,
): { readonly utterances: number; readonly changed: number } {
  const texts = ofType(unguessed, 'completed').map(({ event }) => event.text);
  const completed = ofType(heard, 'completed');
  const changed = completed.filter(({ event }, index) => event.text !== texts[index]).length;
  return { utterances: completed.length, changed };
}
