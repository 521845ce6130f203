import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { note } from '../report/progress.js';
import { type OpenPipeline, openPipeline } from '../support/open-pipeline.js';
import {
  canWatchMemory,
  type MemoryPeaks,
  mergePeaks,
  watchMemory,
} from '../support/process-memory.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';
import { transcribeOverHttp } from './over-http.js';
import { type RecordedCalls, recordCalls, replayCalls } from './recorded-calls.js';
import { type BenchRecording, benchRecording } from './recording.js';
import { Rival, sherpaModes } from './rivals.js';

/** What was measured. Lists of milliseconds have one entry for each repetition. */
export type AsrMeasurements = {
  readonly recording: { readonly name: string; readonly seconds: number };
  readonly segments: number;
  /** Length of all segments together. */
  readonly segmentSeconds: number;
  readonly hosts: number;
  /** Of all hosts together; the rivals get as many. */
  readonly threads: number;
  readonly engineMs: readonly number[];
  readonly detectMs: readonly number[];
  readonly httpMs: readonly number[];
  readonly rivals: readonly Pick<Rival, 'mode' | 'elapsedMs' | 'problem'>[];
  /** Of the server's processes, in the first request to it and in one after all others. */
  readonly memory: MemoryPeaks | undefined;
};

type Contenders = {
  readonly pipeline: OpenPipeline;
  readonly recording: BenchRecording;
  readonly calls: RecordedCalls;
  readonly rivals: readonly Rival[];
  readonly server: ServerProcess;
};

/**
 * Measures in turns (HTTP, engine, sherpa, HTTP, …), so that a machine that grows slower or faster meanwhile does so
 * for all. Everything is loaded and warm before the first measurement.
 */
export async function measureAsr({
  repetitions,
  file,
}: {
  repetitions: number;
  file: string | undefined;
}): Promise<AsrMeasurements> {
  const cleanups: (() => unknown)[] = [];
  try {
    const pipeline = await openPipeline();
    cleanups.push(() => pipeline.close());
    const recording = await benchRecording({ decoder: pipeline.decoder, file });
    cleanups.push(() => recording.remove());

    note('asr: one run that is not measured, to learn which segments the pipeline cuts');
    const { speech, calls } = recordCalls(pipeline.speech);
    const { duration } = await pipeline.transcribe(recording.path, { speech });
    const segments = calls.flatMap((call) => call.segments.map((segment) => segment.samples));

    const { asrHosts: hosts, asrThreads } = pipeline.settings;
    const threads = hosts * asrThreads;
    const rivals = sherpaModes.map((mode) => new Rival(mode));
    cleanups.push(() => Promise.all(rivals.map((rival) => rival.stop())));
    const model = await pipeline.sherpaModel();
    for (const rival of rivals) await rival.load({ model, threads, segments });

    const server = await startServerProcess({
      command: process.execPath,
      args: [join(projectRoot, 'bin', 'whosaid'), 'serve'],
    });
    cleanups.push(() => server.stop());

    const first = await watchedRequest(server, recording.path);
    const times = await takeTurns({ pipeline, recording, calls, rivals, server }, repetitions);
    const last = await watchedRequest(server, recording.path);
    return {
      recording: { name: recording.name, seconds: duration },
      segments: segments.length,
      segmentSeconds: segments.reduce((sum, { length }) => sum + length, 0) / SAMPLE_RATE,
      hosts,
      threads,
      ...times,
      rivals,
      memory: first && last && mergePeaks(first, last),
    };
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

/** One request whose time does not count: watching disturbs what it watches. */
async function watchedRequest(server: ServerProcess, path: string) {
  note('asr: memory during one request');
  if (!canWatchMemory) {
    await transcribeOverHttp({ url: server.url, path });
    return undefined;
  }
  const watch = watchMemory({ rootPid: server.pid });
  try {
    await transcribeOverHttp({ url: server.url, path });
  } finally {
    watch.stop();
  }
  return watch.stop();
}

async function takeTurns(contenders: Contenders, repetitions: number) {
  const { pipeline, recording, calls, rivals, server } = contenders;
  const engineMs: number[] = [];
  const detectMs: number[] = [];
  const httpMs: number[] = [];
  const samples = await pipeline.decode(recording.path);
  for (let turn = 1; turn <= repetitions; turn++) {
    // Neighbours in time are compared with each other: engine with HTTP, engine with sherpa.
    note(`asr: ${turn} of ${repetitions}: HTTP`);
    httpMs.push(await transcribeOverHttp({ url: server.url, path: recording.path }));
    note(`asr: ${turn} of ${repetitions}: engine`);
    engineMs.push(await replayCalls(pipeline.speech, calls));
    const startedAt = performance.now();
    await pipeline.speech.detect(samples);
    detectMs.push(performance.now() - startedAt);
    for (const rival of rivals) {
      note(`asr: ${turn} of ${repetitions}: sherpa-onnx-node, segments ${rival.mode}`);
      await rival.measure();
    }
  }
  return { engineMs, detectMs, httpMs };
}
