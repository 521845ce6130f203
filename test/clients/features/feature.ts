import type { Call, Outcome } from '../call.js';
import type { Driver } from '../driver.js';
import type { Workbench } from '../support/workbench.js';

/** One row of the compatibility table: what is asked of the gateway, and what must come of it. */
export type Feature = {
  readonly group: string;
  readonly title: string;
  /** Why it cannot be tried on this machine; undefined where it can. */
  readonly missing?: (bench: Workbench) => string | undefined;
  readonly call: (bench: Workbench, client: string) => Call;
  /** Throws an AssertionError when the outcome is not what clients need. */
  readonly check: (outcome: Outcome, context: CheckContext) => void;
};

export type CheckContext = { readonly bench: Workbench; readonly driver: Driver };

/** A transcription of the short recording by the key that may do everything; `more` changes it. */
export function transcribe(bench: Workbench, more: Partial<Call> = {}): Call {
  return {
    operation: 'transcribe',
    baseUrl: `${bench.origin}/v1`,
    apiKey: bench.keys.good,
    retries: 0,
    recording: { path: bench.recordings.sentence, as: 'bytes' },
    ...more,
    fields: { model: 'whisper-1', ...more.fields },
  };
}

/** The same with the recording in which two people speak. */
export function transcribeConversation(bench: Workbench, more: Partial<Call> = {}): Call {
  const recording = { path: bench.recordings.conversation, as: 'bytes' } as const;
  return transcribe(bench, { recording, ...more });
}
