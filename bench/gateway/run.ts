import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { benchRecording } from '../asr/recording.js';
import { describeEnvironment } from '../report/environment.js';
import { loadReferences } from '../scoring/references.js';
import { openPipeline } from '../support/open-pipeline.js';
import { startServerProcess } from '../support/server-process.js';
import { measureAgreement } from './measure-agreement.js';
import { measureLoad } from './measure-load.js';
import { measureOverhead } from './measure-overhead.js';
import { measureStream } from './measure-stream.js';
import { reportGateway } from './report.js';

const CLIENTS = 50;
const LOAD_ROUNDS = 5;
/** Where in the shortest conversation somebody speaks without a pause. */
const CLIP_START_SECONDS = 1;

/** Prints what the gateway itself costs: see `npm run bench -- gateway --help`. */
export async function runGatewayBench({ repetitions }: { repetitions: number }): Promise<void> {
  const environment = describeEnvironment();
  const references = loadReferences();
  const pipeline = await openPipeline();
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-bench-'));
  const server = await startServerProcess({ command: 'bin/whosaid', args: ['serve'] });
  try {
    const [shortest] = references.references;
    if (!shortest) throw new Error('There is no recording to measure with.');
    const samples = await pipeline.decode(shortest.audio);
    const clip = async (seconds: number) => {
      const from = CLIP_START_SECONDS * SAMPLE_RATE;
      const path = join(folder, `clip-${seconds}.wav`);
      await writeFile(path, encodeWav(samples.slice(from, from + seconds * SAMPLE_RATE)));
      return path;
    };
    const { url, pid } = server;
    const overhead = await measureOverhead({ url, pipeline, path: await clip(1), repetitions });
    const path = await clip(5);
    const load = await measureLoad({ url, pid, path, clients: CLIENTS, rounds: LOAD_ROUNDS });
    const recording = await benchRecording({ decoder: pipeline.decoder, file: undefined });
    const stream = { url, path: recording.path, repetitions };
    const words = await measureStream({ ...stream, format: 'json' });
    const speakers = await measureStream({ ...stream, format: 'diarized_json' });
    await recording.remove();
    const agreements = await measureAgreement(pipeline, references);
    const figures = { overhead, load, words, speakers, agreements, clients: CLIENTS };
    console.log(reportGateway(environment, { ...figures, streamed: recording }));
  } finally {
    await server.stop();
    await pipeline.close();
    await rm(folder, { recursive: true, force: true });
  }
}
