import type { OnnxOutline, OnnxTensorOutline } from '../../onnx/outline.js';
import { InferenceSession } from '../../onnx/runtime.js';

/** ONNX element types (TensorProto.DataType) by onnxruntime's names. */
const TYPES: Readonly<Record<string, number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/**
 * The outline of a model in onnxruntime's own format (`.ort`, https://onnxruntime.ai/docs/performance/model-optimizations/ort-format-models.html),
 * which only onnxruntime can read: it is loaded once and let go. Metadata is not told.
 *
 * @throws Error where onnxruntime does not take it, other than sherpa-onnx, which ends the process.
 */
export async function readOrtOutline(path: string): Promise<OnnxOutline> {
  const session = await InferenceSession.create(path, {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
  }).catch((cause: unknown) => {
    // onnxruntime's message holds the path.
    throw new Error('onnxruntime cannot load it: it is damaged', { cause });
  });
  try {
    const outputTensors = session.outputMetadata.map(tensorOf);
    return {
      metadata: new Map(),
      inputTensors: session.inputMetadata.map(tensorOf),
      outputTensors,
      outputs: outputTensors.map(({ name }) => name),
      nodeOutputs: [],
    };
  } finally {
    await session.release();
  }
}

function tensorOf(value: InferenceSession['inputMetadata'][number]): OnnxTensorOutline {
  if (!value.isTensor) return { name: value.name, elementType: 0 };
  const dims = value.shape.map((size) => (typeof size === 'number' ? size : -1));
  const elementType = TYPES[value.type] ?? 0;
  // No dimensions are either a single number or an unknown shape.
  return { name: value.name, elementType, ...(dims.length > 0 && { dims }) };
}
