import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromSherpa, SherpaMode, SherpaModel, ToSherpa } from './sherpa-protocol.js';

export type SherpaProcess = {
  /** Decodes all segments once. Rejects when the child has ended. */
  decode(): Promise<{ elapsedMs: number; texts: readonly string[] }>;
  stop(): Promise<void>;
};

/**
 * Loads sherpa-onnx-node with a Moonshine model in a child process of its own: its fatal errors end the process.
 * @throws Error when the child ends before it is ready.
 */
export async function startSherpa(load: {
  model: SherpaModel;
  threads: number;
  mode: SherpaMode;
  segments: readonly Int16Array[];
}): Promise<SherpaProcess> {
  const child = fork(fileURLToPath(new URL('./sherpa-main.js', import.meta.url)), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (data: Buffer) => {
    complaints = (complaints + data.toString()).slice(-2000);
  });

  const ask = async (message: ToSherpa): Promise<FromSherpa> => {
    const settled = new AbortController();
    const { signal } = settled;
    try {
      const answer = once(child, 'message', { signal }).then(([reply]) => reply as FromSherpa);
      const end = once(child, 'exit', { signal }).then(([code, by]) => {
        throw new Error(
          `sherpa-onnx-node's process ended with ${by ?? `code ${code}`}.\n${complaints}`,
        );
      });
      child.send(message);
      return await Promise.race([answer, end]);
    } finally {
      settled.abort();
    }
  };

  await ask({ type: 'load', ...load });
  return {
    async decode() {
      const reply = await ask({ type: 'decode' });
      if (reply.type !== 'decoded')
        throw new Error(`sherpa-onnx-node's process answered ${reply.type}.`);
      return reply;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
