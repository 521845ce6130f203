import type { Command } from 'commander';
import type { ModelStore, StoredModel } from '#services/model-manager/store.js';
import { formatMegabytes } from './progress.js';
import { createPullProgress } from './pull-progress.js';

/** Opens the store; called only when one of the commands runs. */
export type GetStore = () => ModelStore | Promise<ModelStore>;

/**
 * `models list | pull | verify | path`. Results go to stdout, progress to stderr. Failures are thrown for the program
 * to report, except that `verify` sets the exit code 1 after having reported on every model, and that Ctrl-C in `pull`
 * sets 130.
 */
export function registerModelsCommand(program: Command, getStore: GetStore): void {
  const models = program.command('models').description('show, fetch and check models');
  models
    .command('list')
    .description('every model of the catalogue, and which are installed')
    .action(async () => print(table(await (await getStore()).list())));
  models
    .command('pull')
    .description('fetch models with what they require; without ids, the default ones')
    .argument('[ids...]', 'models of the catalogue')
    .action(async (ids: string[]) => pull(await getStore(), ids));
  models
    .command('verify')
    .description('hash the files of models again; without ids, of all that are on disk')
    .argument('[ids...]', 'models of the catalogue')
    .action(async (ids: string[]) => verify(await getStore(), ids));
  models
    .command('path')
    .description("print the folder of a model's files")
    .argument('<id>', 'model of the catalogue')
    .action(async (id: string) => print(await (await getStore()).path(id)));
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

async function verify(store: ModelStore, ids: readonly string[]): Promise<void> {
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
    print(`${id}: './bin/whosaid models pull ${id}' puts it right`);
  }
}

async function idsWhere(
  store: ModelStore,
  wanted: (model: StoredModel) => boolean,
): Promise<string[]> {
  return (await store.list()).filter(wanted).map(({ entry }) => entry.id);
}

function table(models: readonly StoredModel[]): string {
  const header = ['MODEL', 'INSTALLED', 'DEFAULT', 'SIZE', 'LANGUAGES', 'TASK', 'LICENCE'];
  const rows = models.map(({ entry, installed }) => [
    entry.id,
    installed ? 'yes' : 'no',
    entry.default ? 'yes' : '',
    entry.bytes === undefined ? '?' : formatMegabytes(entry.bytes),
    shownLanguages(entry.languages),
    entry.task,
    entry.licence,
  ]);
  const lines = [header, ...rows];
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Ninety languages make no table. */
function shownLanguages(codes: readonly string[]): string {
  return codes.length > 10 ? `${codes.length} languages` : codes.join(' ') || 'any';
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
