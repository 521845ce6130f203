import { setMaxListeners } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { loadSettings } from '#config/settings.js';
import { UsageError } from '../report-failure.js';
import { say } from '../say.js';
import { onStopSignal } from '../stop-signals.js';
import type { TranscribeFilesOptions } from '../transcribe-files.js';
import { createVoiceStore } from '../voice-store.js';
import { Batch } from './batch.js';
import { createBoard } from './board.js';
import { recordingsIn, sortNamed } from './find-recordings.js';
import { OutputNames } from './output-names.js';
import type { RemoteWishes } from './remote-flags.js';
import { requestFields } from './request-fields.js';
import { createServerClient, ServerError } from './server-client.js';
import { countOutcomes, type FileOutcome, writeSummary } from './summary.js';
import { watchFolders } from './watch-folders.js';

export type TranscribeRemoteOptions = TranscribeFilesOptions & { readonly remote: RemoteWishes };

const WATCHING = 'Watching for recordings; Ctrl-C ends it.';

/**
 * Has recordings transcribed by a server, several at a time, and writes their transcripts. What is finished is skipped,
 * and jobs of a run that was broken off are gone on with. Ctrl-C ends it; what the server has goes on there.
 * @returns the exit code: 0, 1 when any file failed, 130 when interrupted, which is no interruption of watching
 * @throws SettingsError or UsageError when nothing can be transcribed at all
 */
export async function transcribeRemote(options: TranscribeRemoteOptions): Promise<number> {
  const { remote } = options;
  const controller = new AbortController();
  const { signal } = controller;
  // Every request listens, and there may be many at a time.
  setMaxListeners(0, signal);
  const restoreSignals = onStopSignal(() => controller.abort(new Error('interrupted')));
  const startedAt = new Date();
  try {
    const files = await transcribeAll(options, signal);
    if (remote.summary !== undefined) {
      await writeSummary(remote.summary, { server: remote.server, startedAt, files });
    }
    sayCounts(files);
    if (signal.aborted && !remote.isWatching) return 130;
    return countOutcomes(files).failed > 0 ? 1 : 0;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return 130;
    throw error instanceof ServerError ? new UsageError(error.message, { cause: error }) : error;
  } finally {
    restoreSignals();
  }
}

async function transcribeAll(
  options: TranscribeRemoteOptions,
  signal: AbortSignal,
): Promise<readonly FileOutcome[]> {
  const { formats, outputDir, remote } = options;
  const { isRecursive, isWatching } = remote;
  const { files, folders } = await sortNamed(options.files, remote);
  if (isWatching && folders.length === 0) throw new UsageError('--watch needs a folder to watch.');
  const store = createVoiceStore(loadSettings().dataDir);
  const fields = await requestFields(options, store);
  const client = createServerClient({ ...remote, apiKey: await readKey(remote), signal });
  await client.check();
  if (outputDir !== undefined) await mkdir(outputDir, { recursive: true });
  // Transcripts of files that were named are printed, as they are without a server.
  const isPrinted = outputDir === undefined && !isRecursive;
  const names = isPrinted ? undefined : new OutputNames({ formats, outputDir });
  const board = createBoard();
  const batch = new Batch({ ...remote, formats, fields, client, names, board, signal });
  const onProblem = (path: string, error: unknown) => batch.addProblem(path, error);
  try {
    if (isWatching) {
      board.say(WATCHING);
      batch.add(files);
      await watchFolders({ folders, onRecordings: (found) => batch.add(found), onProblem, signal });
    } else {
      const found = await Promise.all(folders.map((folder) => recordingsIn(folder, onProblem)));
      batch.add([...files, ...found.flat()]);
    }
    await batch.settled();
    return batch.outcomes;
  } finally {
    board.stop();
  }
}

/** @throws UsageError when the file cannot be read */
async function readKey({ apiKey, apiKeyFile }: RemoteWishes): Promise<string | undefined> {
  if (apiKeyFile === undefined) return apiKey;
  try {
    return (await readFile(apiKeyFile, 'utf8')).trim();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError(`${apiKeyFile} cannot be read (${code ?? message}).`, { cause });
  }
}

function sayCounts(files: readonly FileOutcome[]): void {
  const { completed, skipped, failed, interrupted } = countOutcomes(files);
  const parts = [
    `${completed} transcribed`,
    skipped > 0 && `${skipped} finished before`,
    failed > 0 && `${failed} failed`,
    interrupted > 0 && `${interrupted} interrupted (the same command goes on with them)`,
  ];
  const counted = `${files.length} ${files.length === 1 ? 'file' : 'files'}`;
  say(`${counted}: ${parts.filter(Boolean).join(', ')}`);
}
