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
