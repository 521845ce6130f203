import type { SherpaFamily, SherpaModel } from '../family.js';
import { mostTokens, onnxFile } from './roles.js';

/** Cohere's own list: sherpa-onnx gives an empty text for another language. */
const COHERE_LANGUAGES = 'ar de el en es fr it ja ko nl pl pt vi zh'.split(' ');
const COHERE_PROMPT = [
  '<|startofcontext|>',
  '<|startoftranscript|>',
  '<|emo:undefined|>',
  '<|pnc|>',
  '<|nopnc|>',
  '<|itn|>',
  '<|noitn|>',
  '<|notimestamp|>',
  '<|nodiarize|>',
  '<|endoftext|>',
];
/** Cohere Transcribe: an attention decoder that is told the language. No times, no probabilities. */
export const cohereTranscribe: SherpaFamily = {
  graphs: {
    encoder: {
      file: onnxFile('encoder'),
      inputs: ['mel float 3'],
      outputs: ['n_layer_cross_k float 4', 'n_layer_cross_v float 4'],
      values: { model_type: ['cohere-transcribe-03-2026'] },
    },
    decoder: {
      file: onnxFile('decoder'),
      inputs: [
        'tokens int64 2',
        'n_layer_self_k_cache float 5',
        'n_layer_self_v_cache float 5',
        'n_layer_cross_k float 4',
        'n_layer_cross_v float 4',
        'offset int64 0',
      ],
      outputs: ['logits float 3', 'n_layer_self_k_cache float 5', 'n_layer_self_v_cache float 5'],
    },
  },
  vocabulary: 'plain',
  tokens: [...COHERE_PROMPT, ...COHERE_LANGUAGES.map((language) => `<|${language}|>`)],
  vocabularySize: ({ decoder }) => mostTokens(decoder?.outputTensors[0]?.dims),
  problem: cacheProblem,
  languages: () => COHERE_LANGUAGES,
  needsLanguage: true,
  loops: true,
  // Features of 35 s are the longest it was trained on.
  maxSeconds: 34,
  call: ({ language = 'en', inverseNormalisation = true }, { paths: { encoder, decoder } }) => ({
    modelConfig: { cohereTranscribe: { encoder, decoder } },
    stream: { language, use_punct: '1', use_itn: inverseNormalisation ? '1' : '0' },
  }),
};

function cacheProblem({ graphs: { encoder, decoder } }: SherpaModel) {
  const cache = decoder?.outputTensors[1]?.dims ?? [];
  const layers = encoder?.outputTensors[0]?.dims?.[0];
  // sherpa makes the caches before the first step, of these sizes.
  if ([cache[0], cache[2], cache[3]].every((size) => (size ?? -1) > 0) && cache[0] === layers)
    return undefined;
  return { role: 'decoder', problem: `its caches are not those of ${layers} layers` };
}
