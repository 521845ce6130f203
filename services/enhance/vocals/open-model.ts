import { join } from 'node:path';
import { onnxProviders } from '#services/devices/in-use.js';
import { type OnnxOutline, readOnnxOutline } from '#services/onnx/outline.js';
import { InferenceSession } from '#services/onnx/runtime.js';
import { modelFileError } from '../model-file-error.js';
import type { EnhanceEngineSpec } from '../types.js';
import type { OpenModel } from './separator.js';

/**
 * Opens a file of a separation model: one input and one output of four dimensions.
 *
 * @param keys What its metadata must have, whole numbers all of them.
 * @throws WhosaidError `engine_unavailable`, which says what is wrong with the file
 */
export async function openModel(
  file: string,
  { spec, keys }: { readonly spec: EnhanceEngineSpec; readonly keys: readonly string[] },
): Promise<OpenModel> {
  const fail = (problem: string) => modelFileError(spec, file, problem);
  const path = join(spec.modelDir, file);
  const unreadable = (thrown: unknown) =>
    fail(`cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  let outline: OnnxOutline;
  try {
    outline = await readOnnxOutline(path);
  } catch (thrown) {
    throw unreadable(thrown);
  }
  const { metadata } = outline;
  const wrong = keys.filter((key) => !/^\d+$/.test(metadata.get(key) ?? ''));
  if (wrong.length > 0) throw fail(`lacks the metadata ${wrong.join(', ')}`);
  const session = await InferenceSession.create(path, {
    ...onnxProviders(),
    intraOpNumThreads: spec.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  }).catch((thrown: unknown) => {
    throw unreadable(thrown);
  });
  if (session.inputNames.length === 1 && session.outputNames.length === 1)
    return { session, metadata };
  await session.release();
  throw fail('does not have one input and one output');
}
