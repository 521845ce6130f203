import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { silentLogger } from '#utils/logging/logger.js';
import { shortClip } from '../support/clips.js';
import { residentBytes } from '../support/decoding.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.js';
import { silence } from '../support/hostile/silence.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';
import { filePart, multipart, textParts } from '../support/raw-http.js';

/** Processes and their memory are seen through /proc here. */
const skip = process.platform === 'linux' ? false : 'needs /proc';

const DAY_SECONDS = 86_400;
const MOST_BYTES = 200e6;
/** How long a recording may be: Opus takes the longest to decode. */
const BOMBS = {
  '300 hours of flac at 1 Hz': DAY_SECONDS,
  '300 hours of flac at 16,000 Hz': DAY_SECONDS,
  '30 hours of Opus in ogg': DAY_SECONDS / 8,
};

describe('hours of silence in a few bytes', { skip }, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let gateway: GatewayProcess;

  before(async () => {
    folder = await testFolder();
    gateway = await startGatewayProcess();
  });
  after(async () => {
    await gateway?.close();
    await folder?.remove();
  });

  const bytesOf = (name: string): Buffer => (silence[name] as () => Buffer)();

  for (const [name, maxAudioSeconds] of Object.entries(BOMBS)) {
    it(`ends after the ${maxAudioSeconds / 3600} hours that are allowed, in little memory: ${name}`, async () => {
      const logger = silentLogger;
      const decoder = createAudioDecoder({ logger, maxAudioSeconds, warmChildren: 0 });
      const path = join(folder.path, 'bomb');
      await writeFile(path, bytesOf(name));
      let seconds = 0;
      let peakBytes = 0;
      await assert.rejects(
        async () => {
          for await (const samples of decoder.decode(path)) {
            seconds += samples.length / 16_000;
            if (seconds % 60 >= 1) continue;
            for (const pid of decoder.state().pids)
              peakBytes = Math.max(peakBytes, residentBytes(pid));
          }
        },
        { key: 'audio_too_long' },
      );
      await decoder.dispose();
      assert.ok(seconds > maxAudioSeconds - 2 && seconds <= maxAudioSeconds, `${seconds} s`);
      assert.ok(peakBytes > 0 && peakBytes < MOST_BYTES, `${peakBytes} bytes`);
    });
  }

  it('ends when the client leaves the gateway', async () => {
    const fields = textParts({ model: 'whisper-1' });
    const { headers, body } = multipart([
      ...fields,
      filePart(bytesOf('300 hours of flac at 1 Hz'), 'a.flac'),
    ]);
    const client = httpRequest(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { ...headers, 'content-length': body.length },
    });
    client.on('error', () => {});
    client.end(body);
    await eventually('it is worked on', async () => (await running()) === 1);
    await pause(3000);
    const bytes = residentBytes(gateway.pid);
    assert.ok(bytes < 2 * MOST_BYTES, `${bytes} bytes`);
    assert.equal(await running(), 1, 'it has ended by itself');
    client.destroy();
    await eventually('its place is free', async () => (await running()) === 0);
    await eventually('its decoder has ended', () => gateway.children('decoder').length <= 1);
    assert.equal((await gateway.transcribe(shortClip())).status, 200);
  });

  async function running(): Promise<number | undefined> {
    return (await gateway.health()).requests.running;
  }
});
