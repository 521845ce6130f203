import type { SherpaFamily } from '../family.js';
import { mostTokens, onnxFile } from './roles.js';

/** Useful Sensors' Moonshine in four files, as sherpa-onnx first released it. No times, no probabilities. */
export const moonshineV1: SherpaFamily = {
  graphs: {
    preprocessor: {
      file: onnxFile('preprocess'),
      inputs: ['args_0 float 2'],
      outputs: ['features float 3'],
    },
    encoder: {
      file: onnxFile('encode'),
      inputs: ['args_0 float 3', 'args_1 int32 1'],
      outputs: ['encoder_out float 3'],
    },
    uncachedDecoder: {
      file: onnxFile('uncached_decode'),
      inputs: ['args_0 int32 2', 'args_1 float 3', 'args_2 int32 1'],
      outputs: ['logits float 3', 'states float *'],
    },
    cachedDecoder: {
      file: onnxFile('cached_decode'),
      inputs: ['args_0 int32 2', 'args_1 float 3', 'args_2 int32 1', 'states float *'],
      outputs: ['logits float 3', 'states float *'],
    },
  },
  vocabulary: 'plain',
  vocabularySize: ({ cachedDecoder }) => mostTokens(cachedDecoder?.outputTensors[0]?.dims),
  problem({ graphs: { uncachedDecoder, cachedDecoder } }) {
    const states = (uncachedDecoder?.outputTensors.length ?? 0) - 1;
    const taken = (cachedDecoder?.inputTensors.length ?? 0) - 3;
    if (states === taken) return undefined;
    return { role: 'cachedDecoder', problem: `it takes ${taken} states, but there are ${states}` };
  },
  loops: true,
  maxSeconds: 28,
  call: (_options, { paths: { preprocessor, encoder, uncachedDecoder, cachedDecoder } }) => ({
    modelConfig: { moonshine: { preprocessor, encoder, uncachedDecoder, cachedDecoder } },
  }),
};

/**
 * Moonshine as an encoder and one decoder for all steps: its second generation in several languages
 * (https://arxiv.org/abs/2509.02523), and the first in this form. No times, no probabilities.
 */
export const moonshineV2: SherpaFamily = {
  graphs: {
    encoder: {
      file: onnxFile('encoder(_model)?'),
      inputs: ['input_values float 2', 'attention_mask int64 2 ?'],
      outputs: ['last_hidden_state float 3 *'],
    },
    mergedDecoder: {
      file: onnxFile('decoder_model_merged'),
      inputs: ['input_ids int64 2', 'encoder_hidden_states any', 'past_key_values any *'],
      outputs: ['logits float 3', 'present float 4 *'],
    },
  },
  vocabulary: 'base64',
  vocabularySize: ({ mergedDecoder }) => mostTokens(mergedDecoder?.outputTensors[0]?.dims),
  problem({ graphs: { mergedDecoder } }) {
    const inputs = mergedDecoder?.inputTensors ?? [];
    const hasMask = inputs.some(({ name }) => name.includes('encoder_attention_mask'));
    const states = inputs.length - (hasMask ? 4 : 3);
    const caches = inputs.filter(
      ({ name, dims }) => name.includes('key_values') && dims?.length === 4,
    );
    if (states > 0 && states % 4 === 0 && caches.length === states) return undefined;
    return { role: 'mergedDecoder', problem: 'its inputs are not those of a Moonshine decoder' };
  },
  loops: true,
  maxSeconds: 28,
  call: (_options, { paths: { encoder, mergedDecoder } }) => ({
    modelConfig: { moonshine: { encoder, mergedDecoder } },
  }),
};
