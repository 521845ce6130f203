import type { SherpaModel } from '../family.js';

/** What the states of each kind of streaming encoder are sized by. */
const STATE_KEYS: Readonly<Record<string, readonly string[]>> = {
  zipformer2: [
    'encoder_dims',
    'query_head_dims',
    'value_head_dims',
    'num_heads',
    'num_encoder_layers',
    'cnn_module_kernels',
    'left_context_len',
  ],
  zipformer: [
    'encoder_dims',
    'attention_dims',
    'num_encoder_layers',
    'cnn_module_kernels',
    'left_context_len',
  ],
  ebranchformer: [
    'num_hidden_layers',
    'hidden_size',
    'intermediate_size',
    'csgu_kernel_size',
    'merge_conv_kernel',
    'left_context_len',
    'num_heads',
    'head_dim',
  ],
  lstm: ['num_encoder_layers', 'rnn_hidden_size', 'd_model'],
  conformer: [
    'num_encoder_layers',
    'left_context',
    'encoder_dim',
    'pad_length',
    'cnn_module_kernel',
  ],
};

/** Kinds of streaming encoders that sherpa-onnx knows. */
export const STREAMING_TYPES = Object.keys(STATE_KEYS);

/** What keeps sherpa-onnx from making an encoder's first states. */
export function stateProblem({ graphs }: SherpaModel) {
  const metadata = graphs.encoder?.metadata ?? new Map<string, string>();
  const keys = STATE_KEYS[metadata.get('model_type') ?? ''] ?? [];
  const missing = keys.filter((key) => !metadata.has(key));
  if (missing.length === 0) return undefined;
  return { role: 'encoder', problem: `its metadata lacks ${missing.join(', ')}` };
}
