import { nemoTransducer, zipformer, zipformerStreaming } from './families/transducers.js';
import type { SherpaFamily } from './family.js';

/** The families of models that run in sherpa-onnx through this folder's engine, by the catalogue's names for them. */
export const families: Readonly<Record<string, SherpaFamily>> = {
  'nemo-transducer': nemoTransducer,
  zipformer,
  'zipformer-streaming': zipformerStreaming,
};
