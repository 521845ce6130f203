import { createRequire } from 'node:module';

/**
 * The one way to onnxruntime. Its builds since 1.30 report how they are used to their maker, keep a device id in the
 * user's cache folder and leave a file in the system's temporary folder for each process, unless this variable is set
 * before the library is loaded; an import would be loaded before any statement of this module.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
const runtime: typeof import('onnxruntime-node') = createRequire(import.meta.url)(
  'onnxruntime-node',
);

export type InferenceSession = import('onnxruntime-node').InferenceSession;
export type Tensor = import('onnxruntime-node').Tensor;
export const { InferenceSession, listSupportedBackends, Tensor } = runtime;
