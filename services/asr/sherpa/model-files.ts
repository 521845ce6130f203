import { access, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type OnnxOutline, readOnnxOutline } from '../../onnx/outline.js';
import { graphProblem } from './check-graph.js';
import type { GraphRole, OtherRole, SherpaFamily, SherpaModel } from './family.js';
import { readOrtOutline } from './ort-outline.js';
import { readVocabulary, type Vocabulary } from './vocabulary.js';

const TOKENS = /(^|[-_.])tokens\.txt$/;
const NO_VOCABULARY: Vocabulary = { names: new Map(), ids: new Map(), bytes: new Map() };
export type SherpaFolder = {
  readonly modelId: string;
  readonly modelDir: string;
  /** File names below that folder. */
  readonly modelFiles: readonly string[];
  /** ISO 639 codes; absent where they are not known. */
  readonly languages?: readonly string[];
};

/**
 * Finds the files of a model by the roles that its family gives them, and looks into each: sherpa-onnx ends the process
 * over a file that is missing, cut short or another one. Weights are not read.
 *
 * @throws WhosaidError `engine_unavailable` naming the file, what is wrong with it and what to do.
 */
export async function readSherpaModel(
  family: SherpaFamily,
  folder: SherpaFolder,
): Promise<SherpaModel> {
  const paths: Record<string, string> = {};
  const graphs: Record<string, OnnxOutline> = {};
  const files = { folder, paths };
  await checkAllThere(folder);
  for (const [role, graph] of Object.entries(family.graphs)) {
    paths[role] = pathOf(folder, role, graph.file);
    graphs[role] = await check(files, role, (path) => readGraph(path, graph, family));
  }
  for (const [role, other] of Object.entries(family.others ?? {})) {
    paths[role] = pathOf(folder, role, other.file);
    await check(files, role, (path) => readOther(path, other));
  }
  const size = family.vocabularySize?.(graphs);
  const vocabulary = await readTokens(family, files, size);
  const { modelId, languages = [] } = folder;
  const model = { modelId, paths, graphs, vocabulary, languages };
  const found = family.problem?.(model);
  if (found) throw unusable(folder, basename(paths[found.role] ?? found.role), found.problem);
  return model;
}

type Files = { readonly folder: SherpaFolder; readonly paths: Record<string, string> };

/** Weights may lie in a file of their own beside a graph, which has no role here. */
async function checkAllThere(folder: SherpaFolder): Promise<void> {
  for (const name of folder.modelFiles)
    await access(join(folder.modelDir, name)).catch((cause: unknown) => {
      throw unusable(folder, name, reasonOf(cause), cause);
    });
}

/** The model's file in this role; one with smaller numbers before one without. */
function pathOf(folder: SherpaFolder, role: string, file: RegExp): string {
  const found = folder.modelFiles.filter((name) => file.test(basename(name)));
  const name = found.find((each) => each.includes('int8')) ?? found[0];
  if (name === undefined) throw unusable(folder, role, 'none of its files has such a name');
  return join(folder.modelDir, name);
}

async function check<Found>(
  { folder, paths }: Files,
  role: string,
  look: (path: string) => Promise<Found>,
): Promise<Found> {
  const path = paths[role] as string;
  try {
    return await look(path);
  } catch (cause) {
    throw unusable(folder, basename(path), reasonOf(cause), cause);
  }
}

async function readGraph(
  path: string,
  role: GraphRole,
  { online = false }: SherpaFamily,
): Promise<OnnxOutline> {
  const outline = await (path.endsWith('.ort') ? readOrtOutline(path) : readOnnxOutline(path));
  const problem = graphProblem(outline, role);
  if (problem !== undefined) throw new Error(`${problem}: it is another model's file`);
  // What onnxruntime finds inside a graph ends the process here alone: a streaming recogniser is made in one go.
  if (online) await readOrtOutline(path);
  return outline;
}

async function readOther(path: string, { needs = [] }: OtherRole): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (text.trim() === '') throw new Error('it is empty');
  if (path.endsWith('.json')) parseJson(text);
  const missing = needs.filter((each) => !text.includes(each));
  if (missing.length > 0) throw new Error(`it lacks ${missing.join(', ')}`);
}

/** The parser's own message quotes the text. */
function parseJson(text: string): void {
  try {
    JSON.parse(text);
  } catch {
    throw new Error('it is no JSON');
  }
}

async function readTokens(
  { vocabulary: encoding, tokens = [], exactVocabulary = false }: SherpaFamily,
  { folder, paths }: Files,
  size: number | undefined,
): Promise<Vocabulary> {
  if (encoding === undefined) return NO_VOCABULARY;
  paths.tokens = pathOf(folder, 'tokens.txt', TOKENS);
  return check({ folder, paths }, 'tokens', async (path) => {
    const vocabulary = await readVocabulary(path, encoding);
    const missing = tokens.filter((name) => !vocabulary.ids.has(name));
    if (missing.length > 0) throw new Error(`it lacks the token ${missing.join(', ')}`);
    const { names } = vocabulary;
    if (size !== undefined && (!hasAll(names, size) || (exactVocabulary && names.size !== size)))
      throw new Error(`it has ${names.size} tokens, ${size} are needed`);
    return vocabulary;
  });
}

function hasAll(names: Vocabulary['names'], size: number): boolean {
  for (let id = 0; id < size; id++) if (!names.has(id)) return false;
  return true;
}

/** Messages of the file system hold paths. */
function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it is missing';
  return /^E[A-Z]+$/.test(code ?? '') ? `it cannot be read (${code})` : message;
}

function unusable(
  { modelId }: SherpaFolder,
  file: string,
  problem: string,
  cause?: unknown,
): WhosaidError {
  const remedy = modelId.startsWith('custom:')
    ? 'put the right file into its folder'
    : `run './bin/whosaid models pull ${modelId}'`;
  const reason = `${file} of model '${modelId}' cannot be used: ${problem}; ${remedy}`;
  return new WhosaidError('engine_unavailable', { reason }, { cause });
}
