import assert from 'node:assert/strict';
import type { Outcome, Refusal, StreamEvent } from '../call.js';

/** An answer as it came over the line, for clients that do not look into it. */
export type RawAnswer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
};

/** What a program that reads the content type makes of an answer. */
export function outcomeOf({ status, contentType, body }: RawAnswer): Outcome {
  if (/^text\/event-stream/.test(contentType)) return readEvents(body);
  const isJson = /^application\/json/.test(contentType);
  if (status >= 400) {
    assert.ok(isJson, `the error is not JSON: ${contentType}`);
    return { refusal: { status, ...refusalOf(JSON.parse(body)) } };
  }
  assert.equal(status, 200, body);
  if (isJson) return { value: JSON.parse(body) };
  assert.match(contentType, /^text\/plain; charset=utf-8$/i);
  return { value: body };
}

function refusalOf(body: { error: Refusal }): Refusal {
  const { code, param, message } = body.error;
  return { code: code ?? null, param: param ?? null, message };
}

/** Reads a stream of events to its end, which must be `[DONE]` unless it ended in an error. */
function readEvents(body: string): Outcome {
  const frames = body
    .split('\n\n')
    .flatMap((frame) => frame.split('\n'))
    .filter((line) => line !== '' && !line.startsWith(':'));
  const messages = frames.map((line) => {
    assert.match(line, /^data: /, 'a line of the stream is neither data nor a comment');
    return line.slice('data: '.length);
  });
  const last = messages.at(-1);
  const parsed = messages
    .filter((message) => message !== '[DONE]')
    .map((message) => JSON.parse(message));
  const error = parsed.find((message) => message.error !== undefined);
  const events: StreamEvent[] = parsed.filter((message) => message.error === undefined);
  if (error !== undefined) return { events, refusal: refusalOf(error) };
  assert.equal(last, '[DONE]', 'the stream does not end with [DONE]');
  return { events };
}
