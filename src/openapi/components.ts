import { z } from 'zod';
import * as adapters from './schemas/adapters.js';
import * as jobTranscripts from './schemas/job-transcript.js';
import * as jobs from './schemas/jobs.js';
import * as legacy from './schemas/legacy.js';
import * as realtime from './schemas/realtime.js';
import * as service from './schemas/service.js';
import * as events from './schemas/stream-events.js';
import * as transcripts from './schemas/transcripts.js';
import { withoutSafeLimits } from './to-json-schema.js';
import type { JsonSchema } from './types.js';

const schemas = {
  Transcription: transcripts.transcription,
  VerboseTranscription: transcripts.verboseTranscription,
  VerboseSegment: transcripts.verboseSegment,
  VerboseWord: transcripts.verboseWord,
  Translation: transcripts.translation,
  VerboseTranslation: transcripts.verboseTranslation,
  DiarizedTranscription: transcripts.diarizedTranscription,
  DiarizedSegment: transcripts.diarizedSegment,
  Logprob: transcripts.logprob,
  Usage: transcripts.usage,
  StreamEvent: events.streamEvent,
  TextDelta: events.textDelta,
  TextDone: events.textDone,
  Queued: events.queued,
  Progress: events.progress,
  Model: service.model,
  ModelList: service.modelList,
  ModelDetails: service.modelDetails,
  ModelPull: service.modelPull,
  ModelPullRequest: service.modelPullRequest,
  ModelPullEvent: service.modelPullEvent,
  Index: service.index,
  Health: service.health,
  Ready: service.ready,
  Error: service.errorAnswer,
  AdapterError: adapters.adapterError,
  AsrTranscript: adapters.asrTranscript,
  DetectedLanguage: adapters.detectedLanguage,
  WhisperCppTranscription: adapters.whisperCppTranscription,
  WhisperCppVerbose: adapters.whisperCppVerbose,
  Job: jobs.job,
  JobList: jobs.jobList,
  JobDeleted: jobs.jobDeleted,
  JobTranscript: jobTranscripts.jobTranscript,
  JobEvent: jobs.jobEvent,
  JobStatusEvent: jobs.jobStatusEvent,
  JobProgressEvent: jobs.jobProgressEvent,
  JobSegmentEvent: jobs.jobSegmentEvent,
  Batch: jobs.batch,
  BatchSummary: jobs.batchSummary,
  RealtimeSession: realtime.realtimeSession,
  ClientSecret: realtime.clientSecret,
  ClientSecretRequest: realtime.clientSecretRequest,
  FlatSession: realtime.flatSession,
  FlatSessionRequest: realtime.flatSessionRequest,
  LegacyTranscript: legacy.legacyTranscript,
  LegacyStarted: legacy.legacyStarted,
  LegacyStatus: legacy.legacyStatus,
  LegacyCancelled: legacy.legacyCancelled,
} as const;

export type SchemaName = keyof typeof schemas;

const uri = (name: string) => `#/components/schemas/${name}`;

/** Every shape that is answered, by name; those of zod that are used in others become references. */
export function componentSchemas(): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const made = z.toJSONSchema(registry, { uri, io: 'output', override: withoutSafeLimits }).schemas;
  return Object.fromEntries(
    Object.entries(made).map(([name, { $schema: _, $id: __, ...schema }]) => [name, schema]),
  );
}

export function refTo(name: SchemaName): JsonSchema {
  return { $ref: uri(name) };
}
