import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { decodeModel, encodeModel } from '../onnx/schema.js';
import { withWeightsInFile } from '../onnx/weights-in-file.js';
import { leanEmbeddingGraph } from './embedding-graph.js';

/** A thread's main module: reads the model at `workerData`, posts the bytes of `leanEmbedding` or undefined, ends. */
async function leanModel(path: string): Promise<Uint8Array | undefined> {
  const bytes = await readFile(path);
  const lean = leanEmbeddingGraph(decodeModel(bytes));
  return lean && encodeModel(withWeightsInFile(lean, { bytes, name: basename(path) }));
}

parentPort?.postMessage(await leanModel(workerData as string).catch(() => undefined));
