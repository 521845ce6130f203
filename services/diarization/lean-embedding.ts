import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/**
 * The bytes of a speaker embedding model with a cheaper graph (`leanEmbeddingGraph`), which refer to its file for the
 * weights.
 *
 * Made in a thread of its own, since what JavaScript needs for reading a graph of 4,000 nodes, 40 MB, would stay with
 * the process for as long as it lives.
 *
 * @returns undefined where its graph is not one that is known, or where the file cannot be read: the runtime says better
 * what is wrong with it.
 */
export async function leanEmbedding(path: string): Promise<Uint8Array | undefined> {
  const thread = new Worker(new URL('./lean-embedding-thread.js', import.meta.url), {
    workerData: path,
  });
  try {
    const [bytes] = await once(thread, 'message');
    return bytes as Uint8Array | undefined;
  } catch {
    return undefined;
  } finally {
    await thread.terminate();
  }
}
