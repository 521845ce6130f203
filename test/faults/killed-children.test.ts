import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { conversationClip, shortClip } from '../support/clips.js';
import {
  type ChildRole,
  type GatewayProcess,
  startGatewayProcess,
} from '../support/gateway-process.js';
import { cpuTicks, eventually, isRunning } from '../support/processes.js';
import { assertError, type RawResponse } from '../support/raw-http.js';

/** Killing and watching processes is done through /proc here. */
const skip = process.platform === 'linux' ? false : 'needs /proc';

const DIARIZED = { response_format: 'diarized_json' };
/** Both recognisers, the speaker models, and one decoder that waits for the next recording. */
const CHILDREN_AT_REST = 4;

const textOf = ({ body }: RawResponse) => JSON.parse(body).text as string;

describe('a gateway whose children are killed', { skip }, () => {
  let gateway: GatewayProcess;
  let expected: string;

  before(async () => {
    gateway = await startGatewayProcess({
      ASR_HOSTS: '2',
      SPEAKER_HOSTS: '1',
      ENABLE_SPEAKER_DIARIZATION: 'auto',
    });
    const undisturbed = await gateway.transcribe(conversationClip(), DIARIZED);
    assert.equal(undisturbed.status, 200, undisturbed.body);
    expected = undisturbed.body;
  });
  after(() => gateway?.close());

  /** Nothing of any request is left, and the next one succeeds. */
  async function assertWhole(): Promise<void> {
    await eventually(
      'no request has a place',
      async () => {
        const { requests } = await gateway.health();
        return [requests.receiving, requests.waiting, requests.running].every((n) => n === 0);
      },
      15_000,
    );
    const left = await readdir(gateway.tempDir, { recursive: true });
    assert.deepEqual(
      left.filter((path) => path.includes('/')),
      [],
    );
    const next = await gateway.transcribe(conversationClip(), DIARIZED);
    assert.deepEqual(JSON.parse(next.body), JSON.parse(expected));
    await eventually(
      'as many children as before',
      () => gateway.children().length === CHILDREN_AT_REST,
      15_000,
    );
  }

  /** Kills children of a kind as soon as they are seen to use the processor for a request. */
  async function killAtWork(role: ChildRole): Promise<number> {
    let victim: number | undefined;
    const before = new Map(gateway.children(role).map((pid) => [pid, cpuTicks(pid)]));
    await eventually(`a ${role} process works`, () => {
      victim = gateway
        .children(role)
        .find((pid) => cpuTicks(pid) - (before.get(pid) ?? cpuTicks(pid)) >= 3);
      return victim !== undefined;
    });
    process.kill(victim as number, 'SIGKILL');
    return victim as number;
  }

  for (const role of ['speech', 'speaker'] as const) {
    it(`gives the same answer when a ${role} process is killed in mid-request`, async () => {
      const answering = gateway.transcribe(conversationClip(), DIARIZED);
      const victim = await killAtWork(role);
      const answer = await answering;
      assert.equal(answer.status, 200, answer.body);
      assert.deepEqual(JSON.parse(answer.body), JSON.parse(expected));
      assert.ok(!isRunning(victim));
      await assertWhole();
    });
  }

  it('answers a new request with a new process when all were killed at rest, twice in a row', async () => {
    for (let round = 0; round < 2; round++) {
      for (const pid of gateway.children()) process.kill(pid, 'SIGKILL');
      const answer = await gateway.transcribe(shortClip());
      assert.equal(answer.status, 200, answer.body);
      assert.match(textOf(answer), /spent less on travel/i);
    }
    await assertWhole();
  });

  it('fails a request alone whose processes are killed twice, and serves the others', async () => {
    const killer = killEveryWorking('speaker');
    const [doomed, other] = await Promise.all([
      gateway.transcribe(conversationClip(), DIARIZED),
      gateway.transcribe(shortClip()),
    ]);
    await killer.stop();
    assertError(doomed, {
      status: 500,
      type: 'server_error',
      code: 'engine_crashed',
      message: /ended by itself/,
    });
    assert.equal(other.status, 200, other.body);
    await assertWhole();
  });

  it('gives the same answer when a process is stopped in mid-request, as if it hung', async () => {
    const answering = gateway.transcribe(conversationClip(), DIARIZED);
    let victim = 0;
    await eventually('the speaker process works', async () => {
      [victim = 0] = gateway.children('speaker');
      const { requests } = await gateway.health();
      return victim > 0 && requests.running === 1;
    });
    process.kill(victim, 'SIGSTOP');
    const answer = await answering;
    assert.equal(answer.status, 200, answer.body);
    assert.deepEqual(JSON.parse(answer.body), JSON.parse(expected));
    await eventually('the stopped process is gone', () => !isRunning(victim));
    await assertWhole();
  });

  /** Kills each process of a kind that works, also those that take the place of others, until it is stopped. */
  function killEveryWorking(role: ChildRole): { stop(): Promise<void> } {
    let isOn = true;
    const seen = new Map<number, number>();
    const done = (async () => {
      while (isOn) {
        for (const pid of gateway.children(role)) {
          const ticks = cpuTicks(pid);
          const before = seen.get(pid);
          // A process that loads its model works too; that it is let to.
          if (before === undefined || !(await isBusy(role))) seen.set(pid, ticks);
          else if (ticks - before >= 3) process.kill(pid, 'SIGKILL');
        }
        await pause(10);
      }
    })();
    return {
      async stop() {
        isOn = false;
        await done;
      },
    };
  }

  async function isBusy(role: string): Promise<boolean> {
    const { engines } = (await gateway.health()) as unknown as {
      engines: { role: string; state: string }[];
    };
    return engines.some((engine) => engine.role === role && engine.state === 'busy');
  }
});
