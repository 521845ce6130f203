import type { OnnxOutline } from '../../../onnx/outline.js';
import type { Call, SherpaFamily, SherpaModel } from '../family.js';
import { tokenise } from '../tokenise.js';
import { onnxFile } from './roles.js';
import { STREAMING_TYPES, stateProblem } from './streaming-states.js';

/** How much a hotword's tokens are preferred, and how many readings are followed at a time: sherpa's own defaults. */
const HOTWORDS = { hotwordsScore: 1.5, maxActivePaths: 4 };
const MODEL_TYPES = ['conformer', 'zipformer', 'zipformer2'];

/**
 * NVIDIA NeMo's transducers, first of all the Parakeet TDT models (https://arxiv.org/abs/2304.06795), as sherpa-onnx's
 * scripts export them. TDT gives each token its time and duration; both give probabilities.
 */
export const nemoTransducer: SherpaFamily = {
  graphs: {
    encoder: {
      file: onnxFile('encoder'),
      inputs: ['audio_signal float 3', 'length int64 1'],
      outputs: ['outputs float 3', 'encoded_lengths int 1'],
      metadata: ['vocab_size', 'subsampling_factor', 'pred_rnn_layers', 'pred_hidden'],
    },
    decoder: {
      file: onnxFile('decoder'),
      inputs: ['targets int32 2', 'target_length int32 1', 'states.1 float 3', 'states.2 float 3'],
      outputs: ['outputs float 3', 'prednet_lengths int 1', 'states float 3', 'states float 3'],
    },
    joiner: {
      file: onnxFile('joiner'),
      inputs: ['encoder_outputs float 3', 'decoder_outputs float 3'],
      outputs: ['outputs float 4'],
    },
  },
  vocabulary: 'plain',
  tokens: ['<blk>'],
  // NeMo does not count the blank.
  vocabularySize: ({ encoder }) => numberOf(encoder, 'vocab_size') + 1,
  exactVocabulary: true,
  problem({ graphs, vocabulary }) {
    const size = numberOf(graphs.encoder, 'vocab_size') + 1;
    if (vocabulary.ids.get('<blk>') !== size - 1)
      return { role: 'tokens', problem: '<blk> is not its last token' };
    const outputs = graphs.joiner?.outputTensors[0]?.dims?.at(-1) ?? size;
    const isTdt = graphs.encoder?.metadata.get('url')?.includes('tdt') ?? false;
    if (isTdt ? outputs === size : outputs !== size)
      return { role: 'joiner', problem: `it gives ${outputs} numbers for ${size} tokens` };
    return undefined;
  },
  // Upstream's exports fail beyond about 400 s; the attention of shorter ones already takes much memory.
  maxSeconds: 240,
  call: (options, model) => transducerCall(model, options.keywords, 'nemo_transducer'),
};

/**
 * Zipformer and conformer transducers of icefall (https://arxiv.org/abs/2310.11230), not streaming. Token times and
 * probabilities.
 */
export const zipformer: SherpaFamily = {
  graphs: {
    encoder: {
      file: onnxFile('encoder'),
      inputs: ['x float 3', 'x_lens int 1'],
      outputs: ['encoder_out float 3', 'encoder_out_lens int 1'],
      values: { model_type: MODEL_TYPES },
    },
    decoder: icefallDecoder(),
    joiner: icefallJoiner(),
  },
  vocabulary: 'plain',
  vocabularySize: ({ decoder }) => numberOf(decoder, 'vocab_size'),
  problem: joinerProblem,
  maxSeconds: 60,
  call: (options, model) => transducerCall(model, options.keywords, 'transducer'),
};

/**
 * Streaming transducers of icefall, run over whole segments. Token times and probabilities; no hotwords, which sherpa's
 * binding does not hand to their streams.
 */
export const zipformerStreaming: SherpaFamily = {
  graphs: {
    encoder: {
      file: onnxFile('encoder'),
      inputs: ['x float 3', 'states any *'],
      outputs: ['encoder_out float 3', 'states any *'],
      metadata: ['T', 'decode_chunk_len'],
      values: { model_type: STREAMING_TYPES },
    },
    decoder: icefallDecoder(),
    joiner: icefallJoiner(),
  },
  vocabulary: 'plain',
  vocabularySize: ({ decoder }) => numberOf(decoder, 'vocab_size'),
  problem: (model) => stateProblem(model) ?? joinerProblem(model),
  maxSeconds: 60,
  // The encoder looks ahead: without silence the last words stay in it.
  tailSeconds: 1,
  online: true,
  call: (_options, { paths }) => ({
    modelConfig: { transducer: roles(paths) },
    config: { decodingMethod: 'greedy_search', enableEndpoint: 0 },
  }),
};

function icefallDecoder() {
  return {
    file: onnxFile('decoder'),
    inputs: ['y int 2'],
    outputs: ['decoder_out float'],
    metadata: ['vocab_size', 'context_size'],
  };
}

function icefallJoiner() {
  return {
    file: onnxFile('joiner'),
    inputs: ['encoder_out float 2', 'decoder_out float 2'],
    outputs: ['logit float 2'],
  };
}

function joinerProblem({ graphs }: SherpaModel) {
  const size = numberOf(graphs.decoder, 'vocab_size');
  const outputs = graphs.joiner?.outputTensors[0]?.dims?.at(-1) ?? -1;
  if (outputs === -1 || outputs === size) return undefined;
  return { role: 'joiner', problem: `it gives ${outputs} numbers for ${size} tokens` };
}

/** Hotwords need a beam search, which a recogniser has from its beginning or never. */
function transducerCall(
  model: SherpaModel,
  keywords: readonly string[] | undefined,
  modelType: string,
): Call {
  const modelConfig = { transducer: roles(model.paths), modelType };
  const hotwords = keywords?.flatMap((word) => {
    const tokens = tokenise(word, model.vocabulary);
    return tokens ? [tokens] : [];
  });
  if (!hotwords || hotwords.length === 0)
    return { modelConfig, config: { decodingMethod: 'greedy_search' } };
  return {
    modelConfig: { ...modelConfig, modelingUnit: 'cjkchar' },
    config: { ...HOTWORDS, decodingMethod: 'modified_beam_search' },
    identity: 'hotwords',
    hotwords,
  };
}

function roles({ encoder, decoder, joiner }: SherpaModel['paths']) {
  return { encoder, decoder, joiner };
}

function numberOf(outline: OnnxOutline | undefined, key: string): number {
  return Number(outline?.metadata.get(key));
}
