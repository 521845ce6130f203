import { join } from 'node:path';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { requestOfWork } from '../request-of-work.js';
import type { JobDatabase } from '../store/job-database.js';
import type { JobNews, JobWork } from '../types.js';

/** The pipeline, for one job. */
export type TranscribeJob = (
  request: TranscribeRequest,
  job: {
    readonly id: string;
    readonly owner: string;
    readonly model: string;
    readonly hasSpeakers: boolean;
  },
) => AsyncGenerator<PipelineEvent, void, void>;

export type RunJobOptions = {
  readonly id: string;
  readonly database: JobDatabase;
  /** Holds the recording and the samples of known voices. */
  readonly folder: string;
  readonly transcribe: TranscribeJob;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Called after news were stored. */
  readonly onNews: () => void;
};

/** Progress is stored no more often. */
const TELL_EVERY_MS = 500;
/** Segments with speakers come all at once: so many are stored together. */
const MOST_NEWS = 500;

/**
 * Works through a job, from where an earlier run has come to. What is known is stored as it comes: chunks when they are
 * complete, progress twice a second, segments with it.
 *
 * @throws What the pipeline throws; `signal.reason`; JobGoneError when the job was removed meanwhile.
 */
export async function runJob(options: RunJobOptions): Promise<DoneJob> {
  const { id, database, folder, transcribe, signal } = options;
  const job = database.find(id);
  if (job === undefined) throw new JobGoneError();
  const { work } = job;
  const done = fromTheFirstOn(database.chunks(id), work);
  const request = {
    ...requestOfWork(work, { path: join(folder, job.file), folder, signal }),
    chunks: { done },
  };
  const hasSpeakers = work.speakers !== undefined;
  const about = { id, model: work.model, hasSpeakers, owner: job.owner };
  const diary = new Diary(options, lastSegmentTold(database, id));
  for await (const event of transcribe(request, about)) {
    if (event.type === 'done') {
      diary.flush();
      return { transcript: event.transcript, fromCache: event.fromCache === true };
    }
    diary.write(event);
  }
  throw new TypeError('The pipeline ended without a transcript.');
}

/** What came of a job. */
export type DoneJob = { readonly transcript: Transcript; readonly fromCache: boolean };

/** The job was removed while it was worked on. */
export class JobGoneError extends Error {
  override readonly name = 'JobGoneError';
}

/** Stores what happens, a little later than it does. */
class Diary {
  readonly #options: RunJobOptions;
  #lastSegment: number;
  #news: JobNews[] = [];
  #toldMs = 0;

  constructor(options: RunJobOptions, lastSegment: number) {
    this.#options = options;
    this.#lastSegment = lastSegment;
  }

  write(event: Exclude<PipelineEvent, { type: 'done' }>): void {
    if (event.type === 'chunk') this.#keep(event.chunk);
    else if (event.type === 'segment') this.#writeSegment(event.segment);
    else this.#writeProgress(event);
    const isTime = performance.now() - this.#toldMs >= TELL_EVERY_MS;
    if (isTime || this.#news.length >= MOST_NEWS) this.flush();
  }

  /** Stores what is not stored yet. */
  flush(): void {
    const { id, database, onNews } = this.#options;
    if (database.find(id) === undefined) throw new JobGoneError();
    if (this.#news.length > 0) database.tell(id, this.#news, Date.now());
    this.#news = [];
    this.#toldMs = performance.now();
    onNews();
  }

  #keep(chunk: ChunkResult): void {
    const { id, database, logger } = this.#options;
    database.putChunk(id, chunk);
    const { index, channel } = chunk;
    logger.debug('A chunk of a job is done', { jobId: id, chunk: index, channel });
  }

  /** A run that goes on tells again what is certain by the chunks before. */
  #writeSegment({ id, start, end, text, speaker }: Segment): void {
    if (id <= this.#lastSegment) return;
    this.#lastSegment = id;
    const own = speaker === undefined ? {} : { speaker };
    this.#news.push({ type: 'segment', id, start, end, text, ...own });
  }

  #writeProgress({ audioSeconds, totalSeconds }: WorkedThrough): void {
    // Of two in a row, the later one says it all.
    if (this.#news.at(-1)?.type === 'progress') this.#news.pop();
    const own = totalSeconds === undefined ? {} : { totalSeconds };
    this.#news.push({ type: 'progress', audioSeconds, ...own });
  }
}

type WorkedThrough = Extract<PipelineEvent, { type: 'progress' }>;

/** The chunks that nothing is missing before, of each channel. Without tracks where the job wants them, one is missing. */
function fromTheFirstOn(chunks: Iterable<ChunkResult>, { speakers }: JobWork): ChunkResult[] {
  const next = new Map<number, number>();
  return [...chunks].filter(({ index, channel = 0, tracks }) => {
    const isNext = index === (next.get(channel) ?? 0) && (!speakers || tracks !== undefined);
    if (isNext) next.set(channel, index + 1);
    return isNext;
  });
}

function lastSegmentTold(database: JobDatabase, id: string): number {
  let last = -1;
  for (let after = 0; ; ) {
    const events = database.events(id, { after, limit: 1000 });
    for (const { news } of events) if (news.type === 'segment') last = Math.max(last, news.id);
    const seq = events.at(-1)?.seq;
    if (seq === undefined) return last;
    after = seq;
  }
}
