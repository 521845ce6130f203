import { CLASS_SLOTS, CLASSES } from './powerset.js';
import { SLOTS } from './windows.js';

/**
 * Added to the log-probabilities before it is decided how many speak. The model was trained to be as often wrong one way
 * as the other; for a transcript, speech that is missed is worse than a little too much: docs/decisions/diarization.md.
 */
const NO_SPEECH_BIAS = -0.6;
const OVERLAP_BIAS = 0.6;
/** Keeps logarithms finite. */
const LEAST = 1e-12;

/** The first and the last class in which none, one and two slots speak. */
const CLASSES_BY_SIZE: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 3],
  [4, 6],
];
/** All orders that the slots of another window may have, with what each class becomes. */
const ORDERS = ordersOf([...Array(SLOTS).keys()]).map((slots) => ({
  slots,
  classes: CLASS_SLOTS.map((speaking) => classOf(speaking.map((slot) => slots[slot] as number))),
}));

/** What the model says about one window: for each frame the probabilities of all classes. */
export type Look = { readonly probabilities: Float32Array };

/** Another window that shares audio with the first. Its frame `frame - shift` is the first one's `frame`. */
export type OtherLook = Look & { readonly shift: number };

/**
 * Which slots speak in each frame of a window, as bits: how many speak is decided by all looks at the frame together, and
 * who by the window's own twice as much as by theirs, since slots of different windows are only taken for each other by
 * when they are active.
 */
export function joinLooks({ probabilities }: Look, others: readonly OtherLook[]): Uint8Array {
  const frames = probabilities.length / CLASSES;
  const sums = Float32Array.from(probabilities);
  const looks = new Uint8Array(frames).fill(1);
  for (const other of others) addLook({ own: probabilities, sums, looks }, other);
  return Uint8Array.from({ length: frames }, (_, frame) => {
    const at = frame * CLASSES;
    const mean = (index: number) => (sums[at + index] as number) / (looks[frame] as number);
    const [from, to] = CLASSES_BY_SIZE[howMany(mean)] as readonly [number, number];
    const best = bestOf(from, to, (index) => (probabilities[at + index] as number) + mean(index));
    return (CLASS_SLOTS[best] as readonly number[]).reduce((bits, slot) => bits | (1 << slot), 0);
  });
}

/** Of none, one and two, what the likeliest class of that size speaks for most. */
function howMany(mean: (index: number) => number): number {
  const bias = [NO_SPEECH_BIAS, 0, OVERLAP_BIAS];
  return bestOf(0, CLASSES_BY_SIZE.length - 1, (size) => {
    const [from, to] = CLASSES_BY_SIZE[size] as readonly [number, number];
    return Math.log(mean(bestOf(from, to, mean)) + LEAST) + (bias[size] as number);
  });
}

function bestOf(from: number, to: number, score: (index: number) => number): number {
  let best = from;
  for (let index = from + 1; index <= to; index++) if (score(index) > score(best)) best = index;
  return best;
}

function addLook(
  { own, sums, looks }: { own: Float32Array; sums: Float32Array; looks: Uint8Array },
  { probabilities, shift }: OtherLook,
): void {
  const from = Math.max(0, shift);
  const to = Math.min(looks.length, looks.length + shift);
  const { classes } = bestOrder({ own, other: probabilities, shift, from, to });
  for (let frame = from; frame < to; frame++) {
    looks[frame] = (looks[frame] as number) + 1;
    const [at, there] = [frame * CLASSES, (frame - shift) * CLASSES];
    classes.forEach((become, index) => {
      sums[at + become] = (sums[at + become] as number) + (probabilities[there + index] as number);
    });
  }
}

/** The order in which the other window's slots are active when this one's are. */
function bestOrder(pair: {
  own: Float32Array;
  other: Float32Array;
  shift: number;
  from: number;
  to: number;
}): (typeof ORDERS)[number] {
  const { own, other, shift, from, to } = pair;
  const differences = new Float64Array(SLOTS * SLOTS);
  for (let frame = from; frame < to; frame++) {
    for (let there = 0; there < SLOTS; there++) {
      const activity = activityAt(other, frame - shift, there);
      for (let here = 0; here < SLOTS; here++) {
        const difference = Math.abs(activity - activityAt(own, frame, here));
        const at = there * SLOTS + here;
        differences[at] = (differences[at] as number) + difference;
      }
    }
  }
  const costOf = ({ slots }: (typeof ORDERS)[number]) =>
    slots.reduce((sum, here, there) => sum + (differences[there * SLOTS + here] as number), 0);
  return ORDERS.reduce((best, order) => (costOf(order) < costOf(best) ? order : best));
}

/** Probability that a slot speaks in a frame. */
function activityAt(probabilities: Float32Array, frame: number, slot: number): number {
  let sum = 0;
  for (let index = 1; index < CLASSES; index++) {
    if (CLASS_SLOTS[index]?.includes(slot)) sum += probabilities[frame * CLASSES + index] as number;
  }
  return sum;
}

function classOf(slots: readonly number[]): number {
  return CLASS_SLOTS.findIndex(
    (speaking) =>
      speaking.length === slots.length && speaking.every((slot) => slots.includes(slot)),
  );
}

function ordersOf(slots: readonly number[]): number[][] {
  if (slots.length === 0) return [[]];
  return slots.flatMap((first) =>
    ordersOf(slots.filter((slot) => slot !== first)).map((rest) => [first, ...rest]),
  );
}
