import { onnxProviders } from '#services/devices/in-use.js';
import { InferenceSession } from '#services/onnx/runtime.js';

/**
 * Opens a model: a path, or the bytes of a model made here. Memory patterns are off: every call has lengths of its own,
 * and a plan of memory for each of them costs 140 MB here and saves no time.
 *
 * `weightsFolder`: where the files are that bytes refer to for their weights.
 */
export function openSession(
  model: string | Uint8Array,
  { threads, weightsFolder }: { readonly threads: number; readonly weightsFolder?: string },
): Promise<InferenceSession> {
  const options = {
    ...onnxProviders(),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(weightsFolder !== undefined && {
      extra: { session: { model_external_initializers_file_folder_path: weightsFolder } },
    }),
  } as const;
  return typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options);
}
