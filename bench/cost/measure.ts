import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { transcribeOverHttp } from '../asr/over-http.js';
import { makeRecording } from '../long/made-recording.js';
import { measureWork } from '../peers/measure-work.js';
import { postWithSpeakers } from '../peers/over-http.js';
import { startOurEngines, startServer } from '../peers/processes.js';
import { recordingFolder } from '../peers/recordings.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import type { CleanUp } from '../support/clean-up.js';
import type { Cost, CostFigures } from './figures.js';

const MINUTE = 60;
const LENGTHS = [1 * MINUTE, 10 * MINUTE, 60 * MINUTE] as const;
const PEOPLE = [1, 2, 4, 6] as const;
const AT_ONCE = [1, 2, 4, 8] as const;
/** Of each recording of those that are sent at once. */
const EACH_SECONDS = 5 * MINUTE;

/**
 * What transcription over HTTP costs: by length, by the number of people, by how much is sent at once, by stage. Everything is
 * loaded and warm before.
 *
 * @throws Error where /proc cannot be read, or the server fails
 */
export async function measureCost(cleanUp: CleanUp): Promise<CostFigures> {
  const environment = describeEnvironment();
  const folder = await recordingFolder(cleanUp);
  const files = new RecordingFiles(folder);
  const server = await startServer(cleanUp);
  const { url } = server;
  const cost = async (what: string, audioSeconds: number, work: () => Promise<unknown>) => {
    note(`cost: ${what}`);
    const { spent } = await measureWork(server.pid, work);
    const { cpuSeconds, cpuByProcess, peakPssBytes } = spent;
    if (cpuSeconds === undefined || !cpuByProcess || peakPssBytes === undefined)
      throw new Error('The cost of processes can be read on Linux only.');
    const { wallSeconds } = spent;
    return { audioSeconds, wallSeconds, cpuSeconds, cpuByProcess, peakBytes: peakPssBytes };
  };

  const [warmUp, ten] = [await files.of(MINUTE), await files.of(10 * MINUTE)];
  await postWithSpeakers({ url, path: warmUp.path });
  const words = await cost('words alone', 10 * MINUTE, () =>
    transcribeOverHttp({ url, path: ten.path }),
  );
  const lengths: Cost[] = [];
  for (const seconds of LENGTHS) {
    const { path } = await files.of(seconds);
    const run = () => postWithSpeakers({ url, path });
    lengths.push(await cost(`${seconds / MINUTE} minutes`, seconds, run));
  }
  const people: { count: number; cost: Cost }[] = [];
  for (const count of PEOPLE) {
    const { path } = await files.of(10 * MINUTE, count);
    const run = () => postWithSpeakers({ url, path });
    people.push({ count, cost: await cost(`${count} people`, 10 * MINUTE, run) });
  }
  const atOnce: { count: number; cost: Cost }[] = [];
  const { path } = await files.of(EACH_SECONDS);
  for (const count of AT_ONCE) {
    const run = () =>
      Promise.all(Array.from({ length: count }, () => postWithSpeakers({ url, path })));
    atOnce.push({ count, cost: await cost(`${count} at once`, count * EACH_SECONDS, run) });
  }
  note('cost: the models alone');
  const models = await (await startOurEngines(cleanUp)).timeModels(ten.path);
  return { environment, speakers: ten.speakers, words, models, lengths, people, atOnce };
}

/** Conversations as files, each made once. */
class RecordingFiles {
  readonly #folder: string;
  readonly #made = new Map<string, Promise<{ path: string; speakers: number }>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  of(seconds: number, people?: number): Promise<{ path: string; speakers: number }> {
    const name = `${seconds}-${people ?? 'all'}.wav`;
    const file = this.#made.get(name) ?? this.#make(name, seconds, people);
    this.#made.set(name, file);
    return file;
  }

  async #make(name: string, seconds: number, people: number | undefined) {
    const made = await makeRecording(seconds, { ...(people !== undefined && { people }) });
    const path = join(this.#folder, name);
    await pipeline(Readable.from(made.wav()), createWriteStream(path));
    return { path, speakers: new Set(made.turns.map(({ speaker }) => speaker)).size };
  }
}
