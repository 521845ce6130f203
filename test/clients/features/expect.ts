import assert from 'node:assert/strict';
import { parseSync } from 'subtitle';
import type { Outcome, StreamEvent } from '../call.js';
import type { CheckContext } from './feature.js';

/** What is said in the short recording. A pause in the middle may end the sentence there. */
export const SENTENCE = /We spent less on travel\W+and a little more on electricity/i;

/** The answer, which must not be a refusal or a stream. */
export function answerOf(outcome: Outcome): unknown {
  assert.equal(outcome.refusal, undefined, JSON.stringify(outcome.refusal));
  assert.notEqual(outcome.value, undefined, 'the client got no answer');
  return outcome.value;
}

/** The answer as an object. */
export function objectOf(outcome: Outcome): Record<string, unknown> {
  const value = answerOf(outcome);
  assert.equal(typeof value, 'object', `expected an object, received ${JSON.stringify(value)}`);
  return value as Record<string, unknown>;
}

/** The answer as a string. */
export function textOf(outcome: Outcome): string {
  const value = answerOf(outcome);
  assert.equal(typeof value, 'string', `expected a string, received ${JSON.stringify(value)}`);
  return value as string;
}

/** A list in an answer, which must not be empty. */
export function listOf(value: unknown): Record<string, unknown>[] {
  assert.ok(Array.isArray(value) && value.length > 0, `not a list: ${JSON.stringify(value)}`);
  return value;
}

/** Asserts that a value is a number within the recording. */
export function assertTime(value: unknown, what: string): void {
  assert.ok(typeof value === 'number' && value >= 0 && value < 60, `${what} is ${value}`);
}

/** Asserts that subtitles can be read and hold the sentence. */
export function assertSubtitles(text: string): void {
  const cues = parseSync(text).flatMap((node) => (node.type === 'cue' ? [node.data] : []));
  assert.match(cues.map((cue) => cue.text.replaceAll('\n', ' ')).join(' '), SENTENCE);
}

export type Expected = {
  readonly status: number;
  readonly code: string | null;
  readonly param?: string | null;
  readonly message: RegExp;
};

/** Asserts an error as the client tells it: its class where it has classes, and OpenAI's fields. */
export function assertRefused(
  { refusal, ...rest }: Outcome,
  expected: Expected,
  { driver }: CheckContext,
): void {
  assert.ok(refusal, `expected an error, received ${JSON.stringify(rest).slice(0, 200)}`);
  assert.deepEqual(
    { status: refusal.status, code: refusal.code, param: refusal.param ?? null },
    { status: expected.status, code: expected.code, param: expected.param ?? null },
  );
  assert.match(refusal.message, expected.message);
  assert.equal(refusal.name, driver.errorName?.(expected.status));
}

/** The events of a stream that came to its end. */
export function eventsOf(outcome: Outcome): readonly StreamEvent[] {
  assert.equal(outcome.refusal, undefined, JSON.stringify(outcome.refusal));
  assert.ok(outcome.events?.length, 'the stream had no events');
  return outcome.events;
}

/** The one event of type `transcript.text.done`, which must be the last. */
export function doneOf(events: readonly StreamEvent[]): StreamEvent {
  const ends = events.filter(({ type }) => type === 'transcript.text.done');
  assert.equal(ends.length, 1, `${ends.length} events say that it is done`);
  const last = events.at(-1);
  assert.ok(last && last === ends[0], 'events came after the one that says it is done');
  return last;
}
