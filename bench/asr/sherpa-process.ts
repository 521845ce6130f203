import { forkAskingChild } from '../support/asking-child.js';
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
  const child = forkAskingChild<ToSherpa, FromSherpa>({
    module: new URL('./sherpa-main.js', import.meta.url),
    name: 'sherpa-onnx-node',
  });
  await child.ask({ type: 'load', ...load });
  return {
    async decode() {
      const reply = await child.ask({ type: 'decode' });
      if (reply.type !== 'decoded')
        throw new Error(`sherpa-onnx-node's process answered ${reply.type}.`);
      return reply;
    },
    stop: () => child.stop(),
  };
}
