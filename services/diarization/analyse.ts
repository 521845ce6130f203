import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import type { Embedder } from './embedding.js';
import { type Fbank, type Features, FRAME_RATE } from './fbank.js';
import { ALL_SLOTS, frameRuns, type Segmentation, type WindowActivity } from './segmentation.js';
import type { AnalyseInput, BlockAnalysis, LocalRun, Piece } from './types.js';
import {
  BLOCK_WINDOWS,
  centreOf,
  FRAME_SECONDS,
  frameTime,
  HOP_SECONDS,
  windowsFor,
} from './windows.js';

export type SpeakerModels = {
  readonly segmentation: Segmentation;
  readonly fbank: Fbank;
  readonly embedder: Embedder;
};

/** Length that runs are cut into: long enough to know a voice by, short enough for one turn. */
const PIECE_SECONDS = 1.5;
/** Less than this says little about a voice. */
const MIN_PIECE_SECONDS = 0.4;
/** Pieces are shortened to whole multiples, so that more of them share a call. */
const PIECE_STEP_FRAMES = 10;
const MIN_PIECE_FRAMES = 30;
/** A slot that speaks less than this in a window is no voice. */
const MIN_SLOT_SECONDS = 0.2;
/** With so much undisturbed speech in its window, a slot is known by that alone. */
const MIN_SOLO_SECONDS = 0.5;

/** One window of a block on the clock of the block's samples. */
type Window = {
  readonly index: number;
  readonly start: number;
  readonly activity: WindowActivity;
  readonly from: number;
  readonly to: number;
};

/** What has to be embedded: frames of the block's features. */
type Planned = Omit<Piece, 'embedding'> & { readonly frames: readonly number[] };

/**
 * Tells voices apart in every window of a block, and finds out what each sounds like: undisturbed runs in the middle of
 * the window are cut into pieces of about 1.5 s, each with an embedding; a slot without such a run has one embedding of
 * all its frames.
 *
 * @throws `call.signal.reason` when aborted.
 */
export async function analyse(
  { samples, start, firstWindow, last }: AnalyseInput,
  models: SpeakerModels,
  call: { readonly signal?: AbortSignal } = {},
): Promise<BlockAnalysis> {
  const count = last ? windowsFor(samples.length) : BLOCK_WINDOWS;
  const activities = await models.segmentation.run(samples, count);
  call.signal?.throwIfAborted();
  const seconds = samples.length / SAMPLE_RATE;
  const windows = activities.map((activity, index): Window => {
    const at = index * HOP_SECONDS;
    const centre = centreOf({
      first: firstWindow + index === 0,
      last: last && index === count - 1,
    });
    return { index, start: at, activity: silentAfter(activity, seconds - at), ...centre };
  });
  const features = await models.fbank.run(samples);
  const planned = windows.flatMap((window) => planPieces(window, features));
  const embeddings = await models.embedder.run(
    features,
    planned.map(({ frames }) => frames),
    call,
  );
  const onRecording = <Item extends { window: number; start: number; end: number }>(
    item: Item,
  ) => ({
    ...item,
    window: item.window + firstWindow,
    start: item.start + start,
    end: item.end + start,
  });
  return {
    windows: count,
    runs: windows.flatMap(runsOf).map(onRecording),
    pieces: planned.map(({ frames: _, ...piece }, index) => ({
      ...onRecording(piece),
      embedding: embeddings[index] as Float32Array,
    })),
  };
}

/** The model hears the silence that a short window is filled up with as well. */
function silentAfter(activity: WindowActivity, seconds: number): WindowActivity {
  return activity.map((bits, frame) => (frameTime(frame) < seconds ? bits : 0));
}

function runsOf(window: Window): LocalRun[] {
  return ALL_SLOTS.flatMap((slot) =>
    frameRuns(window.activity, (bits) => (bits & (1 << slot)) !== 0).map(({ from, to }) => ({
      window: window.index,
      slot,
      start: window.start + frameTime(from) - FRAME_SECONDS / 2,
      end: window.start + frameTime(to - 1) + FRAME_SECONDS / 2,
    })),
  );
}

function planPieces(window: Window, features: Features): Planned[] {
  return ALL_SLOTS.flatMap((slot) => {
    const solo = soloPieces(window, slot, features);
    return solo.length > 0 ? solo : asideOf(window, slot, features);
  });
}

function soloPieces(window: Window, slot: number, features: Features): Planned[] {
  const centre = window.activity.map((bits, frame) => {
    const time = frameTime(frame);
    return time >= window.from && time < window.to ? bits : 0;
  });
  return frameRuns(centre, (bits) => bits === 1 << slot).flatMap(({ from, to }) => {
    const seconds = (to - from) * FRAME_SECONDS;
    if (seconds < MIN_PIECE_SECONDS) return [];
    const parts = Math.max(1, Math.round(seconds / PIECE_SECONDS));
    const begin = window.start + frameTime(from);
    return Array.from({ length: parts }, (_, part) => ({
      window: window.index,
      slot,
      solo: true,
      start: begin + (seconds * part) / parts,
      end: begin + (seconds * (part + 1)) / parts,
    })).flatMap((piece): Planned[] => {
      const first = Math.floor(piece.start * FRAME_RATE);
      const after = Math.min(Math.floor(piece.end * FRAME_RATE), features.frames);
      const length = Math.floor((after - first) / PIECE_STEP_FRAMES) * PIECE_STEP_FRAMES;
      if (length < MIN_PIECE_FRAMES) return [];
      return [{ ...piece, frames: Array.from({ length }, (_, index) => first + index) }];
    });
  });
}

/** The whole slot as one item: of its undisturbed frames if there are enough, else of all. */
function asideOf(window: Window, slot: number, features: Features): Planned[] {
  const active = framesWhere(window, (bits) => (bits & (1 << slot)) !== 0);
  if (active.length * FRAME_SECONDS < MIN_SLOT_SECONDS) return [];
  const alone = framesWhere(window, (bits) => bits === 1 << slot);
  const used = alone.length * FRAME_SECONDS >= MIN_SOLO_SECONDS ? alone : active;
  const frames = [
    ...new Set(
      used.flatMap((frame) => {
        const first = Math.floor((window.start + frameTime(frame)) * FRAME_RATE);
        return [first, first + 1];
      }),
    ),
  ].filter((frame) => frame < features.frames);
  if (frames.length === 0) return [];
  // The model wants a minimum: what there is, again and again.
  const enough = Array.from(
    { length: Math.max(frames.length, MIN_PIECE_FRAMES) },
    (_, index) => frames[index % frames.length] as number,
  );
  const edge = (frame: number) => window.start + frameTime(frame);
  return [
    {
      window: window.index,
      slot,
      solo: false,
      start: edge(active[0] as number),
      end: edge(active.at(-1) as number),
      frames: enough,
    },
  ];
}

function framesWhere(window: Window, holds: (bits: number) => boolean): number[] {
  const frames: number[] = [];
  window.activity.forEach((bits, frame) => {
    if (holds(bits)) frames.push(frame);
  });
  return frames;
}
