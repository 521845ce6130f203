import type { SpeechService } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import type { EnhanceService } from '#services/enhance/types.js';
import type { Jobs } from '#services/jobs/types.js';
import type { ModelAliases } from '#services/model-manager/aliases.js';
import type { Catalogue } from '#services/model-manager/catalogue.js';
import type { PoolState } from '#services/model-manager/hosts/options.js';
import type { MemoryState } from '#services/model-manager/memory/model-memory.js';
import type { ModelStore } from '#services/model-manager/store.js';
import type { Room } from '#services/temp/room.js';
import type { TempStore } from '#services/temp/temp-store.js';
import type { TranscriptCache } from '#services/transcription/transcribe-cached.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Access } from './access/access.js';
import type { Admission } from './admission.js';
import type { EnhanceSettings } from './choose-enhancement.js';
import type { Metrics } from './metrics/metrics.js';
import type { PageFiles } from './page/page-files.js';
import type { ClientSecrets } from './realtime/client-secrets.js';
import type { RealtimeSessions } from './realtime/sessions.js';
import type { WebSockets } from './realtime/web-sockets.js';
import type { Timings } from './timings.js';

/** What the HTTP side reads of the settings. */
export type AppSettings = EnhanceSettings & {
  /** Model that OpenAI's ids mean. */
  readonly model: string;
  readonly maxUploadBytes: number;
  readonly chunkSeconds: number;
  readonly chunkOverlapSeconds: number;
  /** Numbers in figures for requests that do not say, by models that can be told. */
  readonly inverseNormalisation: boolean;
  /** Near misses of `keywords` are corrected for requests that do not say, where the model cannot be told words. */
  readonly spellingCorrection: boolean;
  /** Who gets speakers: whoever asks, everybody, or nobody. */
  readonly speakerDiarization: 'auto' | 'always' | 'never';
  /** Which dialects of other servers are spoken besides OpenAI's. */
  readonly asrWebserviceApi: boolean;
  readonly whisperCppApi: boolean;
  /** Whether browsers get a web page at `/`. */
  readonly webPage: boolean;
  /** Paths that need no key. */
  readonly publicPaths: readonly string[];
  /** Whose `X-Forwarded-For` is believed, as Express takes it. */
  readonly trustProxy: boolean | number | readonly string[];
  /** Requests of each client in a window; 0 is no limit. */
  readonly rateLimitRequests: number;
  readonly rateLimitWindowSeconds: number;
  /** Jobs that may wait or be in work, and the bytes that their recordings may take together. */
  readonly maxJobs: number;
  readonly maxJobBytes: number;
  /** Whether jobs may name a recording's address instead of sending it. */
  readonly jobUrls: boolean;
  /** Whether these addresses and those of webhooks may lead to this machine and to private networks. */
  readonly allowPrivateAddresses: boolean;
  /** Told of jobs that name no webhook; null for none. */
  readonly webhookUrl: string | null;
  /** How long jobs are kept after their end; 0 until they are deleted. */
  readonly jobRetentionHours: number;
  /** 0 allows none. */
  readonly maxRealtimeSessions: number;
  /** How long each may last, be without sound, and have sound that is not committed. */
  readonly realtimeSessionSeconds: number;
  readonly realtimeIdleSeconds: number;
  readonly realtimeBufferSeconds: number;
  /** Requests that take longer are warned about; 0 is never. */
  readonly slowRequestSeconds: number;
};

/** What the HTTP side needs of the model manager. */
export type AppManager = {
  /** Recognition with this model of the catalogue; without an id, the default one. */
  speech(modelId?: string): SpeechService;
  /** The speaker models. Nothing is loaded before the first call to them, unless the settings say so. */
  speakers(): SpeakerService;
  /** What takes noise or music away, by its id in the catalogue. Loaded by the first call to it. */
  enhancer(modelId: string): EnhanceService;
  state(): {
    readonly modelLoaded: boolean;
    readonly modelName: string;
    /** It gave way to others: the next request for it loads it again. */
    readonly isLetGo: boolean;
    readonly memory?: MemoryState;
    readonly hosts: readonly {
      readonly role: string;
      readonly pid: number | undefined;
      readonly state: string;
      readonly rssBytes: number | undefined;
      readonly restarts: number;
    }[];
    /** The hosts of each model that is in use. */
    readonly pools: readonly PoolState[];
  };
};

/** Everything the app works with; `startServer` makes and ends it. */
export type AppDeps = {
  readonly settings: AppSettings;
  readonly manager: AppManager;
  readonly catalogue: Catalogue;
  /** The operator's own names of models. */
  readonly aliases: ModelAliases;
  readonly store: Pick<ModelStore, 'isInstalled' | 'list' | 'pull'>;
  readonly decoder: AudioDecoder;
  readonly admission: Admission;
  readonly access: Access;
  readonly timings: Timings;
  readonly temp: Pick<TempStore, 'folder' | 'reserve' | 'usedBytes'>;
  readonly jobs: Jobs;
  /** Where the recordings of jobs are received: on the disk on which they stay. */
  readonly jobUploads: Pick<TempStore, 'folder' | 'reserve' | 'usedBytes'>;
  readonly realtime: RealtimeSessions;
  readonly webSockets: WebSockets;
  readonly clientSecrets: ClientSecrets;
  /** Transcripts that are kept for the same recording to come again; absent where the operator wants none kept. */
  readonly cache?: TranscriptCache;
  /** Memory that the text fields of all uploads may take together. */
  readonly fieldRoom: Room;
  /** Aborts with `server_stopping` as soon as the server is to stop. */
  readonly draining: AbortSignal;
  /** Aborts with `server_stopping` when requests have had their time after that. */
  readonly stopping: AbortSignal;
  readonly metrics: Metrics;
  /** The web page; absent where it has not been built. */
  readonly page?: PageFiles;
  readonly logger: Logger;
  /** Version of whosaid. */
  readonly version: string;
  /** When the server began to start. */
  readonly startedAt: Date;
};
