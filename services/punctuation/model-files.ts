import { basename, join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { graphProblem } from '../asr/sherpa/check-graph.js';
import type { GraphRole } from '../asr/sherpa/family.js';
import { type OnnxOutline, readOnnxOutline } from '../onnx/outline.js';
import type { PunctuationSpec } from './types.js';

const MODEL = /(^|[-_.])model(\.int8)?\.onnx$/;

/**
 * Finds a model's ONNX file and looks into it: sherpa-onnx ends the process over one that is missing, cut short or
 * another model's.
 *
 * @param role What must be in the file; outputs that it does not name may follow.
 * @param problemOf What else is wrong with it, as the end of a sentence.
 * @throws WhosaidError `engine_unavailable` naming the file, what is wrong with it and what to do.
 */
export async function checkModelFile(
  spec: PunctuationSpec,
  role: Omit<GraphRole, 'file'>,
  problemOf: (outline: OnnxOutline) => string | undefined,
): Promise<string> {
  const path = pathOf(spec, MODEL);
  await checkFile(spec, path, async () => {
    const outline = await readOnnxOutline(path);
    const outputTensors = outline.outputTensors.slice(0, role.outputs.length);
    const problem =
      graphProblem({ ...outline, outputTensors }, { ...role, file: MODEL }) ?? problemOf(outline);
    if (problem !== undefined) throw new Error(`${problem}: it is another model's file`);
  });
  return path;
}

/** The model's file of this name; one with smaller numbers before one without. */
export function pathOf(spec: PunctuationSpec, file: RegExp): string {
  const found = spec.modelFiles.filter((name) => file.test(basename(name)));
  const name = found.find((each) => each.includes('int8')) ?? found[0];
  if (name === undefined)
    throw unusable(spec, String(file), new Error('none of its files has such a name'));
  return join(spec.modelDir, name);
}

/** What `look` finds in a file; what it throws becomes an error that names the file and the remedy. */
export async function checkFile<Found>(
  spec: PunctuationSpec,
  path: string,
  look: () => Promise<Found>,
): Promise<Found> {
  try {
    return await look();
  } catch (cause) {
    throw unusable(spec, basename(path), cause);
  }
}

function unusable({ modelId }: PunctuationSpec, file: string, cause: unknown): WhosaidError {
  const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  // Messages of the file system hold paths.
  const problem = isMissing ? 'it is missing' : cause instanceof Error ? cause.message : 'unknown';
  const pull = `run './bin/whosaid models pull ${modelId}', or start without ENABLE_PUNCTUATION_RESTORATION`;
  const reason = `${file} of model '${modelId}' cannot be used: ${problem}; ${pull}`;
  return new WhosaidError('engine_unavailable', { reason }, { cause });
}
