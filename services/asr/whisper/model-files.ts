import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type OnnxOutline, readOnnxOutline } from '../../onnx/outline.js';

/** A Whisper model's files, looked into before native code opens them. */
export type WhisperFiles = {
  /** Absolute paths. */
  readonly encoder: string;
  readonly decoder: string;
  /** Bytes of each token's text by token id. */
  readonly vocabulary: ReadonlyMap<number, Uint8Array>;
  /** Codes of the languages that the model tells apart; empty for a model of English alone. */
  readonly languages: readonly string[];
  /** The decoder says where it looked, so that words have times of their own. */
  readonly hasTokenTimes: boolean;
  /** Outputs of the decoder's softmaxes, in its order. */
  readonly softmaxes: readonly string[];
  /** What the exporter wrote into the encoder. */
  readonly metadata: ReadonlyMap<string, string>;
};

/** Where a Whisper model is. */
export type WhisperFolder = {
  readonly modelId: string;
  readonly modelDir: string;
  /** File names of the model. */
  readonly files: readonly string[];
};

/** Endings of upstream's file names: `base-encoder.int8.onnx` is an encoder. */
const ENDINGS = {
  encoder: 'encoder.int8.onnx',
  decoder: 'decoder.int8.onnx',
  tokens: 'tokens.txt',
} as const;

/** What sherpa-onnx reads from the encoder; it ends the process where one is missing. */
const NEEDED_METADATA = [
  'n_mels',
  'n_text_layer',
  'n_text_ctx',
  'n_text_state',
  'n_vocab',
  'sot',
  'eot',
  'blank_id',
  'translate',
  'transcribe',
  'is_multilingual',
  'no_timestamps',
  'no_speech',
  'sot_sequence',
] as const;

/** The decoder's fourth output holds the weights of the cross-attention. */
const OUTPUTS_WITH_ATTENTION = 4;

/**
 * Finds and checks the files of a Whisper model as sherpa-onnx exports it. sherpa ends the process over a file that is
 * missing, cut short or something else, so each is looked into first; weights are not read.
 *
 * @throws WhosaidError `engine_unavailable` naming the file and what is wrong with it.
 */
export async function readWhisperFiles({
  modelId,
  modelDir,
  files,
}: WhisperFolder): Promise<WhisperFiles> {
  const pathOf = (role: keyof typeof ENDINGS): string => {
    const name = files.find((each) => each.endsWith(ENDINGS[role]));
    if (name === undefined)
      throw unusable(modelId, `*${ENDINGS[role]}`, 'the catalogue names none');
    return join(modelDir, name);
  };
  const check = async <Found>(path: string, look: (path: string) => Promise<Found>) => {
    try {
      return await look(path);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw unusable(modelId, basename(path), reason, cause);
    }
  };
  const [encoder, decoder, tokens] = [pathOf('encoder'), pathOf('decoder'), pathOf('tokens')];
  const { metadata } = await check(encoder, readEncoder);
  const { outputs, nodeOutputs } = await check(decoder, readDecoder);
  return {
    encoder,
    decoder,
    vocabulary: await check(tokens, readWhisperVocabulary),
    languages: (metadata.get('all_language_codes') ?? '').split(',').filter((code) => code !== ''),
    hasTokenTimes: outputs.length >= OUTPUTS_WITH_ATTENTION,
    softmaxes: nodeOutputs,
    metadata,
  };
}

async function readEncoder(path: string): Promise<OnnxOutline> {
  const outline = await readOnnxOutline(path);
  const missing = NEEDED_METADATA.filter((key) => !outline.metadata.has(key));
  if (missing.length > 0)
    throw new Error(
      `it is no Whisper encoder as sherpa-onnx exports them: ${missing.join(', ')} is missing`,
    );
  return outline;
}

async function readDecoder(path: string): Promise<OnnxOutline> {
  const outline = await readOnnxOutline(path, { operator: 'Softmax' });
  if (outline.outputs.length < OUTPUTS_WITH_ATTENTION - 1)
    throw new Error('it is no Whisper decoder as sherpa-onnx exports them');
  return outline;
}

/** Lines of `base64(bytes) id`. */
async function readWhisperVocabulary(path: string): Promise<ReadonlyMap<number, Uint8Array>> {
  const vocabulary = new Map<number, Uint8Array>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line === '') continue;
    const [, text, id] = /^(\S*) (\d+)\r?$/.exec(line) ?? [];
    if (text === undefined || id === undefined)
      throw new Error('a line of it is not "base64 of the token, its number"');
    vocabulary.set(Number(id), Buffer.from(text, 'base64'));
  }
  if (vocabulary.size === 0) throw new Error('it is empty');
  return vocabulary;
}

function unusable(modelId: string, file: string, problem: string, cause?: unknown): WhosaidError {
  const pull = `run './bin/whosaid models pull ${modelId}'`;
  const reason = `${file} of model '${modelId}' cannot be used: ${problem}; ${pull}`;
  return new WhosaidError('engine_unavailable', { reason }, { cause });
}
