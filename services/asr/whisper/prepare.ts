import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isAttentionSettled, untimedWords } from './add-attention.js';
import { readWhisperFiles, type WhisperFolder } from './model-files.js';

const MAIN = fileURLToPath(new URL('./prepare-main.js', import.meta.url));

/**
 * Makes what an engine host would otherwise make at each start that finds it missing, in a process of its own: it runs
 * native code. Never fails.
 *
 * @returns What could not be made, a sentence each.
 */
export async function prepareWhisper(folder: WhisperFolder): Promise<readonly string[]> {
  const child = fork(MAIN, [JSON.stringify(folder)], {
    execArgv: ['--enable-source-maps'],
    // Native libraries print what they like.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let notes = [untimedWords(folder.modelId, 'the process that should see to them ended early')];
  child.once('message', (message: string[]) => {
    notes = message;
  });
  // It has come when the channel is closed, whichever end is.
  await Promise.race([once(child, 'disconnect'), once(child, 'error')]).catch(() => {});
  return notes;
}

/** Whether there is nothing left to make: true too where no engine can be made of the files, which the engine tells. */
export async function isWhisperComplete(folder: WhisperFolder): Promise<boolean> {
  try {
    return await isAttentionSettled(await readWhisperFiles(folder));
  } catch {
    return true;
  }
}
