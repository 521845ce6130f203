import { availableParallelism } from 'node:os';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import type { Contenders } from './contenders.js';
import type { ModelsFigures } from './figures.js';
import { measureWork, type Spent } from './measure-work.js';
import type { ModelTimes } from './protocol.js';
import type { PeerRecording } from './recordings.js';

/** Times that the models are asked alone, each between two runs of the server. */
const ROUNDS = 1;

/**
 * What the server takes beyond its models: runs of it and of the models alone in turns, because a machine whose speed
 * wanders by a third within the hour says nothing of two figures from its beginning and its end.
 */
export async function measureModels({
  contenders,
  recording,
  warmUp,
}: {
  contenders: Contenders;
  recording: PeerRecording;
  warmUp: PeerRecording;
}): Promise<ModelsFigures> {
  const environment = describeEnvironment();
  const { hear, pid } = await contenders.get('server');
  await hear({ type: 'transcribe', path: warmUp.path });
  const runs: Spent[] = [];
  const models: ModelTimes[] = [];
  const run = async () => {
    note(`peers: ${recording.name}: the server`);
    const { spent } = await measureWork(pid, () =>
      hear({ type: 'transcribe', path: recording.path }),
    );
    note(`peers: ${spent.wallSeconds.toFixed(1)} s, ${spent.cpuSeconds?.toFixed(1)} s of CPU`);
    runs.push(spent);
  };
  await run();
  for (let round = 0; round < ROUNDS; round++) {
    const times = await contenders.timeModels(recording.path);
    note(`peers: its models alone: ${times.cpuSeconds.toFixed(1)} s of CPU`);
    models.push(times);
    await run();
  }
  const { name, seconds } = recording;
  const cores = availableParallelism();
  return { environment, recording: name, seconds, runs, models, cores };
}
