import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { FromEngine, Operations, ToEngine } from '../protocol.js';

export type EngineCall = {
  /** Nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** To be called when a part of the work is done, where it has parts. */
  readonly onProgress: () => void;
};

/** An engine loaded in this process. */
export type LoadedEngine<Ops extends Operations> = {
  readonly operations: {
    [Name in keyof Ops]: (
      input: Ops[Name]['input'],
      call: EngineCall,
    ) => Promise<Ops[Name]['output']>;
  };
  /** What it does without although it need not: a sentence each, which reaches the gateway's log. */
  readonly notes?: readonly string[];
  /** Frees what is native. Called once, before the process leaves. */
  dispose(): Promise<void>;
};

/** A child that cannot free its engine in this time leaves without. */
const LEAVE_TIMEOUT_MS = 2000;

/**
 * The child's side of the protocol: loads the engine when told to, answers requests, leaves when asked to or when the
 * parent has gone; a thread of its own gives signs of life. Failures become plain data. Call it once, as the last thing
 * of a child's main module.
 */
export function serveEngine<Spec, Ops extends Operations>(
  load: (spec: Spec) => Promise<LoadedEngine<Ops>>,
): void {
  const pulse = new Worker(new URL('./pulse-thread.js', import.meta.url));
  pulse.unref();
  const pulseRuns = once(pulse, 'online');
  const cancels = new Map<number, AbortController>();
  let engine: LoadedEngine<Ops> | undefined;
  let leaving = false;

  const start = async (spec: Spec): Promise<void> => {
    try {
      engine = await load(spec);
      // From `ready` on the parent counts silence.
      await pulseRuns;
      send({ type: 'ready', rssBytes: rssBytes(), notes: engine.notes ?? [] });
    } catch (thrown) {
      send({ type: 'start-failed', error: toPlain(thrown, 'engine_unavailable') });
    }
  };

  const answer = async ({ id, operation, input }: RequestMessage): Promise<void> => {
    const cancel = new AbortController();
    cancels.set(id, cancel);
    send({ type: 'begun', id });
    try {
      const run = engine?.operations[operation as keyof Ops];
      if (!run) throw new Error(`the engine has no operation "${operation}"`);
      const onProgress = () => send({ type: 'progress', id });
      const output = await run(input, { signal: cancel.signal, onProgress });
      send({ type: 'result', id, output, rssBytes: rssBytes() });
    } catch (thrown) {
      send({
        type: 'failed',
        id,
        error: toPlain(thrown, 'engine_failed'),
        rssBytes: rssBytes(),
      });
    } finally {
      cancels.delete(id);
    }
  };

  const leave = async (): Promise<void> => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(0), LEAVE_TIMEOUT_MS);
    for (const cancel of cancels.values()) cancel.abort();
    await engine?.dispose().catch(() => {});
    process.exit(0);
  };

  process.on('message', (message: ToEngine<Spec>) => {
    if (message.type === 'start') void start(message.spec);
    if (message.type === 'request') void answer(message);
    if (message.type === 'cancel') cancels.get(message.id)?.abort();
    if (message.type === 'stop') void leave();
  });
  process.on('disconnect', () => void leave());
  // Ctrl-C and service managers signal the whole process group; the parent decides when its children leave.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
}

type RequestMessage = Extract<ToEngine, { type: 'request' }>;

function send(message: FromEngine): void {
  // An error means that the parent has gone; `disconnect` follows.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}

function toPlain(thrown: unknown, fallback: 'engine_unavailable' | 'engine_failed') {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return WhosaidError.from(thrown, fallback, { reason }).toPlain();
}

function rssBytes(): number {
  return process.memoryUsage.rss();
}
