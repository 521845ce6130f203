/** How many times as long sherpa-onnx-node takes as ours, for the same. */
export type GuardRatios = { readonly [Kind in GuardKind]: number };
export type GuardKind = 'recognition' | 'speakers' | 'both';
export const GUARD_KINDS: readonly GuardKind[] = ['recognition', 'speakers', 'both'];
/** A ratio may fall to so much of the recorded one. */
const KEPT_SHARE = 0.75;

/** The kinds whose ratio was too low in every try. */
export function fallenKinds(tries: readonly GuardRatios[], recorded: GuardRatios): GuardKind[] {
  return GUARD_KINDS.filter((kind) =>
    tries.every((each) => each[kind] < recorded[kind] * KEPT_SHARE),
  );
}
