import type { SherpaFamily } from '../family.js';
import { ANY_ONNX } from './roles.js';

const LANGUAGES = ['zh', 'en', 'ja', 'ko', 'yue'];

/**
 * FunAudioLLM's SenseVoice (https://arxiv.org/abs/2407.04051): CTC with the language, a mood and an event before the
 * text. Token times and the language heard; no probabilities. With inverse normalisation it writes figures and
 * punctuation, without it neither.
 *
 * A recogniser keeps its language: telling sherpa-onnx another one later takes its features' settings away.
 */
export const senseVoice: SherpaFamily = {
  graphs: {
    model: {
      file: ANY_ONNX,
      inputs: ['x float 3', 'x_length int32 1', 'language int32 1', 'text_norm int32 1'],
      outputs: ['logits float 3', 'encoder_out_lens any ?'],
      metadata: [
        'vocab_size',
        'lfr_window_size',
        'lfr_window_shift',
        'normalize_samples',
        'with_itn',
        'without_itn',
        'lang_auto',
        ...LANGUAGES.map((language) => `lang_${language}`),
      ],
      texts: ['neg_mean', 'inv_stddev'],
    },
  },
  vocabulary: 'plain',
  vocabularySize: ({ model }) => Number(model?.metadata.get('vocab_size')),
  languages: () => LANGUAGES,
  detectsLanguage: true,
  maxSeconds: 30,
  call: ({ language = '', inverseNormalisation = true }, { paths }) => ({
    modelConfig: { senseVoice: { model: paths.model, language } },
    identity: language,
    stream: { use_itn: inverseNormalisation ? '1' : '0' },
  }),
};
