import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { conversationClip, shortClip } from '../support/clips.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { testFolder } from '../support/paths.js';
import { eventually } from '../support/processes.js';

/** libfaketime as Debian installs it. */
const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find((path) => existsSync(path));
const skip = LIBRARY === undefined ? 'needs libfaketime' : false;

describe('a clock that jumps', { skip }, () => {
  it('by days forward and back, also in mid-request, disturbs nothing', async () => {
    const folder = await testFolder();
    const clock = join(folder.path, 'clock');
    // The clock that only ever counts on, which timers go by, is not set by anybody on a real machine either.
    const jump = (offset: string) => writeFile(clock, `${offset}\n`);
    await jump('+0');
    const gateway = await startGatewayProcess({
      LD_PRELOAD: LIBRARY as string,
      FAKETIME_TIMESTAMP_FILE: clock,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    });
    const year = () => Number(/"timestamp":"(\d{4})[^\n]*\n$/.exec(gateway.output())?.[1] ?? 0);
    try {
      const diarized = { response_format: 'diarized_json' };
      const expected = await gateway.transcribe(conversationClip(), diarized);
      assert.equal(expected.status, 200, expected.body);
      const yearBefore = year();
      for (const offset of ['+3000d', '-3000d']) {
        const answering = gateway.transcribe(conversationClip(), diarized);
        await eventually(
          'it is at work',
          async () => (await gateway.health()).requests.running === 1,
        );
        await jump(offset);
        const answer = await answering;
        assert.equal(answer.status, 200, answer.body);
        assert.deepEqual(JSON.parse(answer.body), JSON.parse(expected.body));
        assert.equal((await gateway.transcribe(shortClip())).status, 200);
        assert.ok(Math.abs(year() - yearBefore) >= 8, `the clock of the log shows ${year()}`);
        const { uptime_seconds } = await gateway.health();
        assert.ok(Number(uptime_seconds) >= 0 && Number(uptime_seconds) < 600, `${uptime_seconds}`);
      }
    } finally {
      await gateway.close();
      await folder.remove();
    }
  });
});
