import type { Command } from 'commander';
import type { Catalogue } from '#services/model-manager/catalogue.js';
import type { ModelStore, StoredModel } from '#services/model-manager/store.js';
import { modelInfo } from './model-info.js';
import { modelsList } from './models-list.js';
import { createPullProgress } from './pull-progress.js';

type Models = { readonly store: ModelStore; readonly catalogue: Catalogue };

/** Opens the models; called only when one of the commands runs. */
export type GetModels = () => Promise<Models>;

/**
 * `models list | info | pull | verify | path`. Results go to stdout, progress to stderr. Failures are thrown for the program
 * to report, except that `verify` sets the exit code 1 after having reported on every model, and that Ctrl-C in `pull`
 * sets 130.
 */
export function registerModelsCommand(program: Command, getModels: GetModels): void {
  const models = program.command('models').description('show, fetch and check models');
  models
    .command('list')
    .description('every model by family, and which are installed')
    .option('--installed', 'those that are installed alone')
    .action(async (options: { installed?: boolean }) => list(await getModels(), options));
  models
    .command('info')
    .description('all that is known of a model, and the state of its files')
    .argument('<id>', 'model of the catalogue')
    .action(async (id: string) => print(await info(await getModels(), id)));
  models
    .command('pull')
    .description('fetch models with what they require; without ids, the default ones')
    .argument('[ids...]', 'models of the catalogue')
    .action(async (ids: string[]) => pull((await getModels()).store, ids));
  models
    .command('verify')
    .description('hash the files of models again; without ids, of all that are on disk')
    .argument('[ids...]', 'models of the catalogue')
    .action(async (ids: string[]) => verify(await getModels(), ids));
  models
    .command('path')
    .description("print the folder of a model's files")
    .argument('<id>', 'model of the catalogue')
    .action(async (id: string) => print(await (await getModels()).store.path(id)));
}

async function list(
  { store, catalogue }: Models,
  { installed = false }: { installed?: boolean },
): Promise<void> {
  const models = (await store.list()).filter((model) => !installed || model.installed);
  print(models.length === 0 ? 'No model is installed.' : modelsList(models, catalogue));
  warn(catalogue.customProblems);
}

async function info({ store, catalogue }: Models, id: string): Promise<string> {
  const entry = catalogue.entryOf(id);
  const [verification, folder] = [await store.verify(id), await store.path(id)];
  return modelInfo(entry, { catalogue, verification, folder });
}

async function pull(store: ModelStore, ids: readonly string[]): Promise<void> {
  const wanted = ids.length > 0 ? ids : await idsWhere(store, ({ entry }) => entry.default);
  const { stop, ...progress } = createPullProgress();
  const interrupted = new AbortController();
  // The first Ctrl-C stops without leaving half-fetched files; a second one ends the process as usual.
  const interrupt = () => interrupted.abort(new Error('interrupted'));
  process.once('SIGINT', interrupt);
  try {
    await store.pull(wanted, { ...progress, signal: interrupted.signal });
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    process.exitCode = 130;
    return;
  } finally {
    process.off('SIGINT', interrupt);
    stop();
  }
  print(`Installed: ${wanted.join(', ')}`);
}

async function verify({ store, catalogue }: Models, ids: readonly string[]): Promise<void> {
  warn(catalogue.customProblems);
  if (catalogue.customProblems.length > 0) process.exitCode = 1;
  const wanted = ids.length > 0 ? ids : await idsWhere(store, () => true);
  for (const id of wanted) {
    const { ok, files, prepared } = await store.verify(id);
    // Not by "installed": a model with a damaged file is not, and is the one to tell about.
    if (ids.length === 0 && files.every(({ state }) => state === 'missing')) continue;
    if (ok) {
      print(`${id}: ok`);
      continue;
    }
    process.exitCode = 1;
    for (const file of files) {
      if (file.state === 'missing') print(`${id}: ${file.path} is missing`);
      if (file.state === 'wrong')
        print(`${id}: ${file.path} is wrong: expected ${file.expected}, found ${file.received}`);
    }
    if (!prepared && files.every(({ state }) => state === 'right'))
      print(`${id}: the files made from it are missing`);
    const { conversion } = catalogue.entryOf(id);
    const remedy = conversion === undefined ? 'puts it right' : 'says what to do';
    print(`${id}: './bin/whosaid models pull ${id}' ${remedy}`);
  }
}

async function idsWhere(
  store: ModelStore,
  wanted: (model: StoredModel) => boolean,
): Promise<string[]> {
  return (await store.list()).filter(wanted).map(({ entry }) => entry.id);
}

/** What is wrong with models of the operator's own. */
function warn(problems: readonly string[]): void {
  for (const problem of problems) process.stderr.write(`whosaid: ${problem}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
