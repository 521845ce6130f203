/** The base name of a file in this role: `encoder.int8.onnx`, `encoder-epoch-99-avg-1.onnx`, `tiny-encoder.onnx`. */
export function onnxFile(role: string): RegExp {
  return new RegExp(`^(.*[-_.])?${role}([-_.].*)?\\.(onnx|ort)$`);
}

/** Of a family with one ONNX file: that file. */
export const ANY_ONNX = /\.onnx$/;

/** A dimension's size; absent where the export leaves it open. */
export function fixedSize(size = -1): number | undefined {
  return size > 0 ? size : undefined;
}

/**
 * How many tokens a vocabulary must have whose decoder has places for more that it never says (Moonshine: 768 of 32,768);
 * sherpa-onnx leaves out what it has no text for.
 */
export function mostTokens(dims: readonly number[] | undefined): number | undefined {
  const size = fixedSize(dims?.at(-1));
  return size === undefined ? undefined : Math.floor(0.9 * size);
}
