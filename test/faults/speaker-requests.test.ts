import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { canSeeProcesses, openHandles } from '../support/decoding.js';
import { fixture } from '../support/paths.js';
import { childrenOf, eventually, isRunning } from '../support/processes.js';

const path = fixture('two-speakers-clean');
const skip = canSeeProcesses ? false : 'looks at processes through /proc';

describe('requests for speakers, from the file to the transcript', () => {
  let runtime: Runtime;
  before(async () => {
    const settings = loadSettings({ ASR_HOSTS: '1', SPEAKER_HOSTS: '1' });
    runtime = createRuntime({ settings, logger: silentLogger });
    await runtime.manager.start();
  });
  after(() => runtime.dispose());

  async function transcript(signal?: AbortSignal): Promise<Transcript> {
    const request = { path, speakers: {}, ...(signal && { signal }) };
    const events = transcribe(request, {
      decoder: runtime.decoder,
      speech: runtime.manager.speech(),
      speakers: runtime.manager.speakers(),
      chunkSeconds: 600,
      chunkOverlapSeconds: 15,
    });
    for await (const event of events) if (event.type === 'done') return event.transcript;
    throw new Error('the pipeline ended without a transcript');
  }

  const speakerHost = () => runtime.manager.state().hosts.find(({ role }) => role === 'speaker');
  const quiet = () =>
    eventually(
      'all hosts wait for work',
      () => runtime.manager.state().hosts.every(({ state }) => state === 'ready'),
      30_000,
    );

  it('give the same transcript when the only speaker host is killed at work', async () => {
    const expected = await transcript();
    assert.equal(expected.speakers?.length, 2);
    const again = transcript();
    await eventually('the host works', () => speakerHost()?.state === 'busy', 30_000);
    const pid = speakerHost()?.pid as number;
    process.kill(pid, 'SIGKILL');
    assert.deepEqual(await again, expected);
    assert.ok(!isRunning(pid));
  });

  it('leave processes and open files as they were, cancelled ones too', { skip }, async () => {
    await transcript();
    await quiet();
    const count = () => ({ children: childrenOf().length, handles: openHandles() });
    // One decoder is started ahead of its request; it may still be on its way.
    await eventually('the next decoder is ready', () => childrenOf().length === 3, 30_000);
    const before = count();
    for (const cancelAfterMs of [undefined, 400, undefined, 50, undefined]) {
      const abort = new AbortController();
      const request = transcript(abort.signal);
      if (cancelAfterMs === undefined) assert.ok(await request);
      else {
        setTimeout(() => abort.abort(new Error('client left')), cancelAfterMs);
        await assert.rejects(request, /client left/);
      }
    }
    await quiet();
    await eventually('nothing is left behind', () => {
      const { children, handles } = count();
      return children === before.children && handles <= before.handles;
    });
  });
});
