/** A process of its own that merges the chunks of a job, as its memory is what is measured. Argument: the database. */
import { readFileSync } from 'node:fs';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { mergeChunks } from '#services/transcription/merge-chunks.js';
import { silentLogger } from '#utils/logging/logger.js';
import { openPipeline } from '../support/open-pipeline.js';

const [path = '', id = ''] = process.argv.slice(2);
const database = openJobDatabase({ path, logger: silentLogger });
const pipeline = await openPipeline({ asrHosts: 1, speakerHosts: 1 });
// The speaker models are loaded when they are asked for first.
await pipeline.speakers.identify([], {});
const hosts = pipeline.speakerPids();
const before = { own: peakBytes(), hosts: hosts.map(peakBytes) };
const startedAt = performance.now();
const { signal } = new AbortController();
const transcript = await mergeChunks(database.chunks(id), {
  request: { speakers: {} },
  known: [],
  speakers: pipeline.speakers,
  signal,
});
process.send?.({
  seconds: (performance.now() - startedAt) / 1000,
  growthBytes: peakBytes() - before.own,
  hostGrowthBytes: Math.max(
    ...hosts.map((pid, index) => peakBytes(pid) - (before.hosts[index] ?? 0)),
  ),
  words: transcript.segments.reduce((sum, { words }) => sum + words.length, 0),
  speakers: transcript.speakers?.length ?? 0,
  hours: transcript.duration / 3600,
});
database.close();
await pipeline.close();
process.disconnect?.();

/** The most memory that a process has had; 0 where the system does not say. */
function peakBytes(pid: number | 'self' = 'self'): number {
  try {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
