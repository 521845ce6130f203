import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '#config/settings.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { silentLogger } from '#utils/logging/logger.js';
import { note } from '../report/progress.js';
import { type DiarizationScore, scoreDiarization } from '../scoring/diarization.js';
import type { SpeakerReference } from '../scoring/references.js';
import { forkAskingChild } from '../support/asking-child.js';
import { decodeAll } from '../support/decode-all.js';
import { planLongRecording, writeLongRecording } from '../support/long-recording.js';
import { canWatchMemory, type MemoryPeaks, watchMemory } from '../support/process-memory.js';
import type { FromLongRun, ToLongRun } from './long-run-protocol.js';

/** One long recording through the whole pipeline. */
export type LongRun = {
  readonly seconds: number;
  /** From the file to the transcript, everything loaded before. */
  readonly elapsedMs: number;
  readonly score: DiarizationScore;
  /** Of the process with the pipeline and all its children; undefined where it cannot be watched. */
  readonly memory: MemoryPeaks | undefined;
};

/**
 * Transcribes, with speakers, recordings of some lengths that are made of one reference's turns; each in processes of
 * its own, so that none starts with the memory of another.
 */
export async function measureLong({
  reference,
  lengthsSeconds,
}: {
  reference: SpeakerReference;
  lengthsSeconds: readonly number[];
}): Promise<LongRun[]> {
  const { maxAudioSeconds } = loadSettings();
  const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds });
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-long-'));
  try {
    const samples = await decodeAll(decoder, reference.audio);
    const runs: LongRun[] = [];
    for (const seconds of lengthsSeconds) {
      const path = join(folder, 'recording.wav');
      const plan = planLongRecording({ turns: reference.turns, seconds });
      note(`speakers: writing a recording of ${seconds / 60} minutes`);
      await writeLongRecording({ plan, samples, path, seconds });
      note(`speakers: transcribing a recording of ${seconds / 60} minutes`);
      const { elapsedMs, turns, memory } = await transcribeWatched(path);
      const score = scoreDiarization({ reference: plan.turns, hypothesis: turns });
      runs.push({ seconds, elapsedMs, score, memory });
    }
    return runs;
  } finally {
    await decoder.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error when the pipeline fails */
async function transcribeWatched(path: string) {
  const child = forkAskingChild<ToLongRun, FromLongRun>({
    module: new URL('./long-run-main.js', import.meta.url),
    name: 'The pipeline',
  });
  try {
    const loaded = await child.ask({ type: 'load' });
    if (loaded.type === 'failed') throw new Error(loaded.message);
    const watch = canWatchMemory ? watchMemory({ rootPid: child.pid }) : undefined;
    try {
      const reply = await child.ask({ type: 'transcribe', path });
      if (reply.type !== 'transcribed')
        throw new Error(reply.type === 'failed' ? reply.message : 'The pipeline gave no answer.');
      return { ...reply, memory: watch?.stop() };
    } finally {
      watch?.stop();
    }
  } finally {
    await child.stop();
  }
}
