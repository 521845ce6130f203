import { canary } from './families/canary.js';
import { cohereTranscribe } from './families/cohere-transcribe.js';
import { dolphin, nemoCtc, omnilingual, zipformerCtc } from './families/ctc.js';
import { funasrNano, qwen3Asr } from './families/language-models.js';
import { moonshineV1, moonshineV2 } from './families/moonshine.js';
import { senseVoice } from './families/sense-voice.js';
import { nemoTransducer, zipformer, zipformerStreaming } from './families/transducers.js';
import type { SherpaFamily } from './family.js';

/** The families of models that run in sherpa-onnx through this folder's engine, by the catalogue's names for them. */
export const families: Readonly<Record<string, SherpaFamily>> = {
  'nemo-transducer': nemoTransducer,
  'nemo-ctc': nemoCtc,
  canary,
  'sense-voice': senseVoice,
  zipformer,
  'zipformer-streaming': zipformerStreaming,
  'zipformer-ctc': zipformerCtc,
  'moonshine-v1': moonshineV1,
  'moonshine-v2': moonshineV2,
  'qwen3-asr': qwen3Asr,
  'cohere-transcribe': cohereTranscribe,
  'funasr-nano': funasrNano,
  dolphin,
  omnilingual,
};
