import type { OnnxOutline } from '../../../onnx/outline.js';
import type { Call, SherpaFamily } from '../family.js';
import { fixedSize, onnxFile } from './roles.js';

/** sherpa's sampling at a temperature of nearly nothing: greedy. */
const GREEDY = { temperature: 1e-6, topP: 0.8, seed: 42 };

/**
 * Alibaba's Qwen3-ASR (https://arxiv.org/abs/2601.21337): a language model that reads sound. Text alone; it detects the
 * language, which sherpa-onnx does not tell. Prompt and keywords stand in its system message.
 */
export const qwen3Asr: SherpaFamily = {
  graphs: {
    convFrontend: {
      file: onnxFile('conv_frontend'),
      inputs: ['input_features float 3'],
      outputs: ['conv_output float 3'],
    },
    encoder: {
      file: onnxFile('encoder'),
      inputs: ['conv_output float 3', 'feature_attention_mask bool 2'],
      outputs: ['audio_features any 3'],
    },
    decoder: {
      file: onnxFile('decoder'),
      inputs: [
        'input_ids int64 2',
        'audio_features any 3',
        'attention_mask int64 2',
        'cache_position int64 1',
        'past_key any 4 *',
      ],
      outputs: ['logits any 3', 'key_delta any 4 *'],
    },
  },
  others: {
    vocabulary: { file: /^vocab\.json$/ },
    merges: { file: /^merges\.txt$/ },
    tokenizerConfig: {
      file: /^tokenizer_config\.json$/,
      needs: ['<|im_end|>', '<|audio_pad|>', '<asr_text>'],
    },
  },
  problem: ({ graphs: { convFrontend, encoder, decoder } }) =>
    sizeProblem('convFrontend', convFrontend, encoder) ?? layerProblem('decoder', decoder, 4),
  loops: true,
  maxSeconds: 30,
  call({ language, prompt, keywords = [] }, { paths }): Call {
    const { convFrontend, encoder, decoder } = paths;
    const tokenizer = folderOf(paths.vocabulary);
    // Half a minute takes 390 of the 1,024 places.
    const sizes = { maxTotalLen: 1024, maxNewTokens: 256 };
    const hotwords = [...(prompt === undefined ? [] : [prompt]), ...keywords].join(',');
    return {
      modelConfig: {
        qwen3Asr: { convFrontend, encoder, decoder, tokenizer, ...sizes, ...GREEDY },
      },
      stream: {
        ...(hotwords !== '' && { hotwords }),
        ...(language !== undefined && { language: nameOf(language) }),
      },
    };
  },
};

/**
 * FunASR-nano (Alibaba): an encoder before the language model Qwen3-0.6B. Text alone. sherpa-onnx takes hotwords and the
 * language at loading only; both are left to the model.
 */
export const funasrNano: SherpaFamily = {
  graphs: {
    encoderAdaptor: {
      file: onnxFile('encoder_adaptor'),
      inputs: ['features any 3'],
      outputs: ['audio_embeddings any 3'],
      metadata: ['lfr_window_size', 'lfr_window_shift', 'llm_dim'],
    },
    llm: {
      file: onnxFile('llm'),
      inputs: [
        'inputs_embeds float 3',
        'attention_mask int64 2',
        'cache_position int64 1',
        'past_key any 4 *',
      ],
      outputs: ['logits float 3', 'key_delta any 4 *'],
      metadata: ['vocab_size'],
    },
    embedding: {
      file: onnxFile('embedding'),
      inputs: ['input_ids int64 2'],
      outputs: ['embeddings any 3'],
    },
  },
  others: {
    vocabulary: { file: /^vocab\.json$/ },
    merges: { file: /^merges\.txt$/ },
    tokenizer: { file: /^tokenizer\.json$/, needs: ['added_tokens', '<|im_end|>'] },
  },
  problem: ({ graphs: { llm } }) => layerProblem('llm', llm, 3) ?? cacheKindProblem(llm),
  loops: true,
  maxSeconds: 30,
  call: (_options, { paths }) => ({
    modelConfig: {
      funasrNano: {
        encoderAdaptor: paths.encoderAdaptor,
        llm: paths.llm,
        embedding: paths.embedding,
        tokenizer: folderOf(paths.vocabulary),
        systemPrompt: 'You are a helpful assistant.',
        userPrompt: '语音转写：',
        maxNewTokens: 512,
        itn: 1,
        ...GREEDY,
      },
    },
  }),
};

/** Keys and values go in and come out, two a layer; sizes that are left open would be multiplied as they are. */
function layerProblem(role: string, graph: OnnxOutline | undefined, first: number) {
  const states = (graph?.inputTensors.length ?? 0) - first;
  const deltas = (graph?.outputTensors.length ?? 0) - 1;
  const [, , heads = -1, size = -1] = graph?.inputTensors[first]?.dims ?? [];
  if (states === deltas && states % 2 === 0 && heads > 0 && size > 0) return undefined;
  return { role, problem: `its ${states} states and ${deltas} changes of them do not fit` };
}

/** What one graph gives, the next one takes: their last sizes are the same where both are fixed. */
function sizeProblem(
  role: string,
  before: OnnxOutline | undefined,
  after: OnnxOutline | undefined,
) {
  const given = fixedSize(before?.outputTensors[0]?.dims?.at(-1));
  const taken = fixedSize(after?.inputTensors[0]?.dims?.at(-1));
  if (given === undefined || taken === undefined || given === taken) return undefined;
  return { role, problem: `it gives ${given} numbers, not ${taken}: it is another model's file` };
}

/** sherpa keeps the cache itself and must know its length. */
function cacheKindProblem(llm: OnnxOutline | undefined) {
  const kind = llm?.metadata.get('model_type') ?? '';
  if (!kind.includes('kv_delta'))
    return { role: 'llm', problem: `its metadata has '${kind}' for model_type, not kv_delta` };
  const keys = ['max_total_len', 'attention_mask_len'];
  const length = keys.map((key) => Number(llm?.metadata.get(key) ?? 0)).find((each) => each > 0);
  if ((length ?? llm?.inputTensors[1]?.dims?.[1] ?? 0) > 0) return undefined;
  return { role: 'llm', problem: 'its metadata lacks max_total_len' };
}

/** The English name of a language, which is what Qwen3-ASR writes itself: `de` → `German`. */
function nameOf(language: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(language) ?? language;
}

function folderOf(path = ''): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')));
}
