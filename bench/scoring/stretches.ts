import type { SpeakerTurn } from '#utils/transcript/types.js';

/** A stretch of time in which nobody begins or stops, on either side. */
export type Stretch = {
  readonly seconds: number;
  /** Who speaks in it. */
  readonly reference: ReadonlySet<string>;
  readonly hypothesis: ReadonlySet<string>;
};

type Side = 'reference' | 'hypothesis';
type Change = { readonly at: number; readonly side: Side; readonly speaker: string; step: 1 | -1 };

/** Cuts the time in which anybody speaks at every boundary of every turn of both sides. In order of time. */
export function stretchesOf(
  reference: readonly SpeakerTurn[],
  hypothesis: readonly SpeakerTurn[],
): Stretch[] {
  const changes = [...changesOf('reference', reference), ...changesOf('hypothesis', hypothesis)];
  changes.sort((one, other) => one.at - other.at);
  /** How many turns of a speaker are open: turns of one speaker may overlap in a hypothesis. */
  const open = { reference: new Map<string, number>(), hypothesis: new Map<string, number>() };
  const stretches: Stretch[] = [];
  for (const [index, { at, side, speaker, step }] of changes.entries()) {
    const count = (open[side].get(speaker) ?? 0) + step;
    if (count === 0) open[side].delete(speaker);
    else open[side].set(speaker, count);
    const seconds = (changes[index + 1]?.at ?? at) - at;
    if (seconds > 0 && open.reference.size + open.hypothesis.size > 0) {
      stretches.push({
        seconds,
        reference: new Set(open.reference.keys()),
        hypothesis: new Set(open.hypothesis.keys()),
      });
    }
  }
  return stretches;
}

function changesOf(side: Side, turns: readonly SpeakerTurn[]): Change[] {
  return turns
    .filter(({ start, end }) => end > start)
    .flatMap(({ start, end, speaker }): Change[] => [
      { at: start, side, speaker, step: 1 },
      { at: end, side, speaker, step: -1 },
    ]);
}
