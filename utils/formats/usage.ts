import { seconds } from './numbers.js';

export type DurationUsage = { readonly type: 'duration'; readonly seconds: number };

/** What clients account by: whole seconds of audio, rounded up. */
export function durationUsage(durationSeconds: number): DurationUsage {
  return { type: 'duration', seconds: Math.ceil(seconds(durationSeconds)) };
}
