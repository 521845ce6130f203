/** Slots that speak in each class of segmentation-3.0's output: none, one of three, two of three. */
export const CLASS_SLOTS: readonly (readonly number[])[] = [
  [],
  [0],
  [1],
  [2],
  [0, 1],
  [0, 2],
  [1, 2],
];
export const CLASSES = CLASS_SLOTS.length;
