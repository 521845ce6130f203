import { setTimeout as sleep } from 'node:timers/promises';
import { type Posted, postAudio } from '../gateway/post-audio.js';
import { note } from '../report/progress.js';
import { sampleMemory } from '../support/memory-log.js';
import type { ServerProcess } from '../support/server-process.js';
import type { Clips } from './clips.js';
import { untilAllReady, untilHealth } from './health.js';

/** A kind of engine, as /health and as its processes call it, and the fields of a request that needs it. */
export type EngineKind = {
  readonly role: string;
  readonly process: string;
  readonly fields: Readonly<Record<string, string>>;
};

export type RecoveryCase = {
  readonly kind: EngineKind;
  /** Of the engines of this kind: one, or all at once. */
  readonly killed: 'one' | 'all';
  /** What they were doing. */
  readonly when: 'idle' | 'working';
};

export type Recovery = RecoveryCase & {
  /** For each kill: from it to the end of the first answer with a transcript that was asked for after it. */
  readonly firstSuccessMs: readonly number[];
  /** Requests before these that were answered with an error. */
  readonly refused: number;
  /** Requests that were in work when the engine was killed, and how many of them got their transcript. */
  readonly interrupted: number;
  readonly rescued: number;
};

const DIARIZED = { diarize: 'true' };
const KINDS: readonly EngineKind[] = [
  { role: 'speech', process: 'engine-host-main.js', fields: {} },
  { role: 'speaker', process: 'speaker-host-main.js', fields: DIARIZED },
];
const RETRY_MS = 50;
const GIVE_UP_MS = 120_000;
/** So long everything is well before the next kill: it is the only one that counts. */
const CALM_MS = 1000;

/** Kills engines with SIGKILL and asks at once, and again until there is a transcript; in each way several times. */
export async function measureRecovery(options: {
  server: ServerProcess;
  clips: Clips;
  kills: number;
}): Promise<Recovery[]> {
  // Engines that nobody has asked for yet may not be there.
  await postAudio({ url: options.server.url, path: options.clips.minute, fields: DIARIZED });
  const results: Recovery[] = [];
  for (const kind of KINDS)
    for (const killed of ['one', 'all'] as const)
      for (const when of ['idle', 'working'] as const)
        results.push(await measureCase({ ...options, kind, killed, when }));
  return results;
}

async function measureCase({
  server,
  clips,
  kills,
  ...way
}: RecoveryCase & { server: ServerProcess; clips: Clips; kills: number }): Promise<Recovery> {
  const { kind, killed, when } = way;
  note(`endurance: killing ${killed} of the ${kind.role} engines, ${when}, ${kills} times`);
  const firstSuccessMs: number[] = [];
  let refused = 0;
  let rescued = 0;
  for (let kill = 0; kill < kills; kill++) {
    await untilAllReady(server.url);
    await sleep(CALM_MS);
    const working = when === 'working' ? beginWork({ server, clips, kind }) : undefined;
    await working?.begun;
    const killedAtMs = performance.now();
    killEngines({ server, kind, killed });
    const path = clips.short[kill % clips.short.length] as string;
    refused += await untilSuccess({ url: server.url, path, fields: kind.fields });
    firstSuccessMs.push(performance.now() - killedAtMs);
    if ((await working?.answer)?.status === 200) rescued++;
  }
  const interrupted = when === 'working' ? kills : 0;
  return { ...way, firstSuccessMs, refused, interrupted, rescued };
}

/** A request that keeps an engine of this kind busy. */
function beginWork({
  server,
  clips,
  kind,
}: {
  server: ServerProcess;
  clips: Clips;
  kind: EngineKind;
}): { begun: Promise<void>; answer: Promise<Posted> } {
  const answer = postAudio({ url: server.url, path: clips.minute, fields: DIARIZED });
  answer.catch(() => {});
  const begun = untilHealth(server.url, {
    what: `a ${kind.role} engine at work`,
    is: ({ engines }) => engines.some(({ role, state }) => role === kind.role && state === 'busy'),
  });
  return { begun, answer };
}

function killEngines({
  server,
  kind,
  killed,
}: {
  server: ServerProcess;
  kind: EngineKind;
  killed: RecoveryCase['killed'];
}): void {
  const engines = sampleMemory(server.pid).processes.filter(({ name }) =>
    name.endsWith(kind.process),
  );
  if (engines.length === 0) throw new Error(`There is no process of ${kind.process} to kill.`);
  for (const { pid } of killed === 'one' ? engines.slice(0, 1) : engines)
    process.kill(pid, 'SIGKILL');
}

/** @returns Answers without a transcript before the first one with. */
async function untilSuccess(
  clip: Pick<Parameters<typeof postAudio>[0], 'url' | 'path' | 'fields'>,
): Promise<number> {
  const giveUpAtMs = performance.now() + GIVE_UP_MS;
  for (let refused = 0; ; refused++) {
    const { status } = await postAudio(clip);
    if (status === 200) return refused;
    if (performance.now() > giveUpAtMs)
      throw new Error(`No success two minutes after a kill; the last status was ${status}.`);
    await sleep(RETRY_MS);
  }
}
