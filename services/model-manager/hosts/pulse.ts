import type { Readable, Writable } from 'node:stream';

/** Place of the pulse's pipe among the child's file descriptors: after the standard ones and the message channel. */
export const PULSE_FD = 4;

export type PulseOptions = {
  /** The pipe to the child's pulse thread. */
  readonly pipe: Readable & Writable;
  /** How often the child is asked. */
  readonly intervalMs: number;
  /** So many questions in a row may stay without an answer. */
  readonly maxMissed: number;
  /** Hears with every answer how much memory is resident. */
  readonly onMemory: (rssBytes: number) => void;
  /** Called once, when the child gives no sign of life any more. */
  readonly onSilent: () => void;
};

export type Pulse = {
  /** The child has said elsewhere that it can work: from now on silence counts. */
  expect(): void;
  /** Stops the asking. The pipe stays open: its end tells the child that its parent has gone. */
  stop(): void;
};

/** Longest number that a child may send; more is no answer. */
const LONGEST_ANSWER = 32;

/**
 * Asks a child for signs of life, which a thread of its own gives whatever its main thread is at (pulse-thread.ts).
 * Silence counts from the first answer or `expect` on: before that the process loads itself, and its start has a limit of
 * its own. It is counted in questions, not in time, so that a parent that was busy itself does not blame the child.
 */
export function watchPulse(options: PulseOptions): Pulse {
  const { pipe, intervalMs, maxMissed, onMemory, onSilent } = options;
  let isExpected = false;
  let missed = 0;
  let text = '';
  const timer = setInterval(() => {
    missed += isExpected ? 1 : 0;
    if (missed > maxMissed) {
      clearInterval(timer);
      onSilent();
    } else if (missed <= 1) pipe.write('?');
  }, intervalMs);
  timer.unref();
  pipe.on('data', (chunk: Buffer) => {
    isExpected = true;
    missed = 0;
    const lines = (text + chunk.toString('latin1')).split('\n');
    text = (lines.pop() ?? '').slice(-LONGEST_ANSWER);
    const rssBytes = Number(lines.at(-1));
    if (rssBytes > 0) onMemory(rssBytes);
  });
  // A child that ends takes its end of the pipe along; its exit is noticed elsewhere.
  pipe.on('error', () => {});
  return {
    expect() {
      isExpected = true;
    },
    stop: () => clearInterval(timer),
  };
}
