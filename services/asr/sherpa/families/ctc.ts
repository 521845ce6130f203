import type { GraphRole, SherpaFamily, SherpaModel } from '../family.js';
import { ANY_ONNX, fixedSize } from './roles.js';

/** CTC models have one graph: frames in, a distribution over tokens for each out. */
function ctc(options: {
  /** sherpa's name for the family in its configuration. */
  readonly config: string;
  readonly graph: Omit<GraphRole, 'file'>;
  readonly maxSeconds: number;
  /** The name of the blank; absent where it need not have one. */
  readonly blank?: string;
}): SherpaFamily {
  return {
    graphs: { model: { file: ANY_ONNX, ...options.graph } },
    vocabulary: 'plain',
    // A distribution has a number for each token.
    vocabularySize: ({ model }) => fixedSize(model?.outputTensors[0]?.dims?.at(-1)),
    problem: options.blank === undefined ? () => undefined : blankProblem,
    maxSeconds: options.maxSeconds,
    call: (_options, { paths }) => ({
      modelConfig: { [options.config]: { model: paths.model } },
      config: { decodingMethod: 'greedy_search' },
    }),
  };
}

/** NVIDIA NeMo's CTC models, first of all Parakeet CTC. Token times; no probabilities. */
export const nemoCtc = ctc({
  config: 'nemoCtc',
  graph: {
    inputs: ['audio_signal float 3', 'length int64 1'],
    outputs: ['logprobs float 3', 'more any ?'],
    metadata: ['vocab_size', 'subsampling_factor'],
  },
  maxSeconds: 240,
  blank: '<blk>',
});

/** Zipformer CTC models of icefall. Token times; no probabilities. */
export const zipformerCtc = ctc({
  config: 'zipformerCtc',
  graph: {
    inputs: ['x float 3', 'x_lens int64 1'],
    outputs: ['log_probs float 3', 'log_probs_len int64 1'],
  },
  maxSeconds: 60,
  blank: '<blk>',
});

/** DataoceanAI's Dolphin (https://arxiv.org/abs/2503.20212), its CTC branch: Asian languages. Token times. */
export const dolphin = ctc({
  config: 'dolphin',
  graph: {
    inputs: ['x float 3', 'x_len int64 1'],
    outputs: ['log_probs float 3', 'log_probs_len int64 1'],
    metadata: ['vocab_size'],
    texts: ['mean', 'invstd'],
  },
  maxSeconds: 30,
  blank: '<blank>',
});

/** Meta's Omnilingual ASR (https://arxiv.org/abs/2511.09690), CTC: 1,600 languages, no punctuation. Token times. */
export const omnilingual = ctc({
  config: 'omnilingual',
  graph: { inputs: ['x float 2'], outputs: ['logits float 3'] },
  // Trained on up to 40 s.
  maxSeconds: 39,
});

function blankProblem({ vocabulary: { ids } }: SherpaModel) {
  if (['<blk>', '<eps>', '<blank>'].some((name) => ids.has(name))) return undefined;
  return { role: 'tokens', problem: 'it lacks the token <blk>' };
}
