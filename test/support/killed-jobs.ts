import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeWav } from '#services/audio/wav.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { fixturePcm } from './fixture-pcm.js';
import { spawnGateway, startGatewayProcess } from './gateway-process.js';
import { testFolder } from './paths.js';
import { eventually } from './processes.js';
import { filePart, multipart, rawRequest, textParts } from './raw-http.js';

const CHUNKS = { CHUNK_SECONDS: '30', CHUNK_OVERLAP_SECONDS: '4' };
/** So much of a chunk is its own, about. */
const OWN_SECONDS = 26;
const SAMPLE_RATE = 16_000;
const LONGEST_LIFE_MS = 4000;
const PATIENCE_MS = 240_000;

/** What became of one job, and of the same recording in a life without accidents. */
export type KilledJob = {
  readonly status: string;
  readonly result: unknown;
  readonly undisturbed: unknown;
  /** Every chunk that was stored, as often as it was. */
  readonly stored: readonly number[];
  readonly kills: number;
};

/**
 * Makes a job of about so many chunks, with speakers, and kills the gateway with SIGKILL again and again, at a random
 * moment of its life each time, while it starts, too; then lets it live.
 */
export async function killGatewayOften(options: {
  readonly chunks: number;
  readonly kills: number;
}): Promise<KilledJob> {
  const folder = await testFolder();
  const env = { ...CHUNKS, DATA_DIR: folder.path, LOG_LEVEL: 'debug' };
  const recording = conversation(options.chunks * OWN_SECONDS);
  const stored: number[] = [];
  try {
    const first = await startGatewayProcess(env);
    const job = await createJob(first.url, recording);
    first.signal('SIGKILL');
    await first.ended;
    stored.push(...chunksIn(first.output()));
    await first.close();
    for (let kill = 1; kill < options.kills; kill++) {
      const gateway = spawnGateway(env);
      await pause(Math.random() * LONGEST_LIFE_MS);
      gateway.child.kill('SIGKILL');
      stored.push(...chunksIn((await gateway.ended).stderr));
    }
    const last = await startGatewayProcess(env);
    try {
      const status = await untilEnded(last.url, job);
      const result = await resultOf(last.url, job);
      stored.push(...chunksIn(last.output()));
      const calm = await createJob(last.url, recording);
      await untilEnded(last.url, calm);
      const undisturbed = await resultOf(last.url, calm);
      return { status, result, undisturbed, stored, kills: options.kills };
    } finally {
      await last.close();
    }
  } finally {
    await folder.remove();
  }
}

/** Two conversations in turns, as a WAV file. */
function conversation(seconds: number): Buffer {
  const both = joinSamples([fixturePcm('two-speakers-clean'), fixturePcm('three-speakers-reverb')]);
  const samples = new Int16Array(seconds * SAMPLE_RATE);
  for (let at = 0; at < samples.length; at += both.length)
    samples.set(both.subarray(0, samples.length - at), at);
  return Buffer.from(encodeWav(samples));
}

async function createJob(url: string, recording: Buffer): Promise<string> {
  const parts = [...textParts({ model: 'whisper-1', diarize: 'true' }), filePart(recording)];
  const answer = await rawRequest(`${url}/v1/audio/jobs`, { method: 'POST', ...multipart(parts) });
  assert.equal(answer.status, 202, answer.body);
  return JSON.parse(answer.body).id;
}

async function untilEnded(url: string, id: string): Promise<string> {
  let status = '';
  const hasEnded = async (): Promise<boolean> => {
    const answer = await rawRequest(`${url}/v1/audio/jobs/${id}`);
    assert.equal(answer.status, 200, answer.body);
    ({ status } = JSON.parse(answer.body));
    return !['pending', 'processing'].includes(status);
  };
  await eventually('the job has ended', hasEnded, PATIENCE_MS);
  return status;
}

async function resultOf(url: string, id: string): Promise<unknown> {
  const query =
    'response_format=verbose_json&timestamp_granularities[]=word&timestamp_granularities[]=segment';
  const answer = await rawRequest(`${url}/v1/audio/jobs/${id}/result?${query}`);
  assert.equal(answer.status, 200, answer.body);
  return JSON.parse(answer.body);
}

/** The chunks that a gateway says it has stored. */
function chunksIn(log: string): number[] {
  const lines = log.split('\n').filter((line) => line.includes('A chunk of a job is done'));
  return lines.flatMap((line) => {
    try {
      return [JSON.parse(line).chunk as number];
    } catch {
      // Cut off by the kill.
      return [];
    }
  });
}
