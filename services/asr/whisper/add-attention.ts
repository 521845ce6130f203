import { alignmentHeads } from './alignment-heads.js';
import { attentionAddition, tryDecoder } from './attention-graph.js';
import { DecoderCopy } from './decoder-copy.js';
import type { WhisperFiles } from './model-files.js';

/** A decoder that says where it looks, or why there is none. */
export type Attention = { readonly decoder: string } | { readonly missing: string };

/**
 * Upstream's decoders do not say where they look; without that, words have no times. This sees to a copy of the decoder
 * that does, beside it: the weights of the cross-attention are there, as the second softmax of each layer, and those of
 * the alignment heads become a fourth output, as sherpa-onnx wants it. The copy is tried before it gets its name: sherpa
 * ends the process over tensors it does not expect.
 *
 * Never fails: words can do without times of their own.
 */
export async function addAttention(files: WhisperFiles): Promise<Attention> {
  const plan = planOf(files);
  if ('missing' in plan) return plan;
  const { copy, heads } = plan;
  try {
    const found = await copy.find();
    if (found) return 'path' in found ? { decoder: found.path } : notWorking(found.failure);
    const { metadata } = files;
    return { decoder: await copy.make((path) => tryDecoder(path, { heads, metadata })) };
  } catch (thrown) {
    // Another host may have made it in the meantime.
    const found = await copy.find().catch(() => undefined);
    return found && 'path' in found ? { decoder: found.path } : notWorking(reasonOf(thrown));
  }
}

/** Whether `addAttention` has nothing left to make. Rejects when a file cannot be read. */
export async function isAttentionSettled(files: WhisperFiles): Promise<boolean> {
  const plan = planOf(files);
  return files.hasTokenTimes || 'missing' in plan || (await plan.copy.find()) !== undefined;
}

/** The sentence for people about a model that is without. */
export function untimedWords(modelId: string, reason: string): string {
  return `Words of model '${modelId}' have no times of their own: ${reason}.`;
}

type Plan = { readonly copy: DecoderCopy; readonly heads: number };

function planOf({ decoder, metadata, softmaxes }: WhisperFiles): Plan | { missing: string } {
  const type = metadata.get('model_type');
  const heads = alignmentHeads[type ?? ''];
  if (!heads) return { missing: `the alignment heads of '${type}' are not known` };
  if (softmaxes.length !== 2 * Number(metadata.get('n_text_layer')))
    return { missing: 'its decoder is not built as expected' };
  const addition = attentionAddition(softmaxes, heads);
  return { copy: new DecoderCopy({ decoder, addition }), heads: heads.length };
}

function notWorking(reason: string): { missing: string } {
  return {
    missing: `its decoder does not tell them, and no copy that does could be made (${reason})`,
  };
}

/** Messages of the file system hold paths; its codes say as much. */
function reasonOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return /^E[A-Z]+$/.test(code ?? '') ? String(code) : message;
}
