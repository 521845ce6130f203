import { onnxProviders } from '#services/devices/in-use.js';
import { InferenceSession } from '#services/onnx/runtime.js';

/**
 * Opens a model: a path, or the bytes of a model made here. Memory patterns are off: every call has lengths of its own,
 * and a plan of memory for each of them costs 140 MB here and saves no time.
 */
export function openSession(
  model: string | Uint8Array,
  { threads }: { readonly threads: number },
): Promise<InferenceSession> {
  const options = {
    ...onnxProviders(),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 3,
  } as const;
  return typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);
}
