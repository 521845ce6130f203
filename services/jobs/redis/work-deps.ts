import type { SpeechService } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import type { Enhancer } from '#services/enhance/types.js';
import type { TempStore } from '#services/temp/temp-store.js';
import type { Logger } from '#utils/logging/logger.js';
import type { WorkEvent } from '../work-event.js';
import type { FlacEncoder } from './flac/flac-encoder.js';
import type { JobFiles } from './job-files.js';
import type { JobState } from './job-state.js';
import type { JobQueues } from './queues.js';
import type { SharedResults } from './shared-results.js';

/** What one who works on jobs works with. */
export type WorkDeps = {
  readonly decoder: AudioDecoder;
  /** The recogniser of a model. Throws WhosaidError where it is not there. */
  readonly speech: (model: string) => SpeechService;
  readonly speakers: () => SpeakerService;
  /** Used only where a job is to be enhanced. */
  readonly enhancer?: Enhancer;
  /** Length of chunks and what two neighbours share, in seconds. */
  readonly chunkSeconds: number;
  readonly chunkOverlapSeconds: number;
  readonly temp: Pick<TempStore, 'folder'>;
  readonly logger: Logger;
  /** Present: transcripts are kept for the same recording to come again (shared-results.ts). */
  readonly keepResults?: {
    /** Room for all of them together. */
    readonly maxBytes: number;
    /** Of whosaid: another one may hear something else. */
    readonly version: string;
  };
  /** Hears of jobs that end by what is done here, and of work that is begun anew. */
  readonly onWork?: (event: WorkEvent) => void;
  /** Told of every chunk that was worked through here, in seconds. */
  readonly onChunk?: (chunk: {
    readonly model: string;
    readonly audioSeconds: number;
    readonly workSeconds: number;
    readonly speakers: boolean;
  }) => void;
};

/** Where what they work on is kept. These wait for Redis as long as it takes. */
export type SharedDeps = {
  readonly state: JobState;
  readonly files: JobFiles;
  readonly queues: JobQueues;
  readonly encoder: FlacEncoder;
  /** Absent where no transcripts are kept. */
  readonly results?: SharedResults;
};
