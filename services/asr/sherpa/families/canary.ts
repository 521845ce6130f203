import type { Call, SherpaFamily, SherpaModel } from '../family.js';
import { onnxFile } from './roles.js';

/** The languages that sherpa-onnx itself knows of Canary. */
const KNOWN = ['en', 'es', 'de', 'fr'];
const PROMPT = [
  '<|startofcontext|>',
  '<|startoftranscript|>',
  '<|emo:undefined|>',
  '<|pnc|>',
  '<|nopnc|>',
  '<|noitn|>',
  '<|notimestamp|>',
  '<|nodiarize|>',
  '<|endoftext|>',
];

const signOf = (language: string) => `<|${language}|>`;

/**
 * NVIDIA's Canary (https://arxiv.org/abs/2406.19674): an attention decoder that is told the language spoken and the one
 * to write. sherpa-onnx gives no times and no probabilities, and does not detect the language.
 */
export const canary: SherpaFamily = {
  graphs: {
    encoder: {
      file: onnxFile('encoder'),
      inputs: ['x float 3', 'x_len int64 1'],
      outputs: ['enc_states float 3', 'enc_len int 1', 'enc_mask any 2'],
      metadata: ['vocab_size', 'subsampling_factor', 'feat_dim'],
      values: { model_type: ['EncDecMultiTaskModel'] },
    },
    decoder: {
      file: onnxFile('decoder'),
      inputs: ['decoder_input_ids int32 2', 'decoder_mems_list float 3', 'enc_states any *'],
      outputs: ['logits float 3', 'next_decoder_mem_list float 3 *'],
    },
  },
  vocabulary: 'plain',
  tokens: [...PROMPT, ...KNOWN.map(signOf)],
  vocabularySize: ({ encoder }) => Number(encoder?.metadata.get('vocab_size')),
  exactVocabulary: true,
  problem: (model) => tokenProblem(model) ?? layerProblem(model),
  languages: ({ languages }) => (languages.length > 0 ? languages : KNOWN),
  needsLanguage: true,
  translates: true,
  loops: true,
  // Trained on up to 40 s.
  maxSeconds: 39,
  call({ language = 'en', task }, { paths, vocabulary }): Call {
    const target = task === 'translate' ? 'en' : language;
    const slot = slotOf(language);
    const id = vocabulary.ids.get(signOf(language));
    return {
      modelConfig: {
        canary: {
          encoder: paths.encoder,
          decoder: paths.decoder,
          srcLang: slot,
          tgtLang: target === language ? slot : target,
          usePnc: 1,
        },
      },
      ...(slot !== language && id !== undefined && { renamed: new Map([[signOf(slot), id]]) }),
    };
  },
};

/** Canary-1B-v2 speaks 25 languages; those that sherpa does not know are handed to it under the name of one it does. */
function slotOf(language: string): string {
  return KNOWN.includes(language) ? language : 'fr';
}

function tokenProblem({ languages, vocabulary }: SherpaModel) {
  const missing = languages.map(signOf).filter((sign) => !vocabulary.ids.has(sign));
  if (missing.length === 0) return undefined;
  return { role: 'tokens', problem: `it lacks the token ${missing.join(', ')}` };
}

/** Hidden states go in and come out, one a layer. */
function layerProblem({ graphs: { encoder, decoder } }: SherpaModel) {
  const layers = Number(encoder?.metadata.get('num_decoder_layers') ?? 6);
  const [inputs, outputs] = [decoder?.inputTensors.length, decoder?.outputTensors.length];
  if (inputs === layers + 3 && outputs === layers + 1) return undefined;
  const problem = `it has ${inputs} inputs and ${outputs} outputs, not those of ${layers} layers`;
  return { role: 'decoder', problem };
}
