import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '#config/settings.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { silentLogger } from '#utils/logging/logger.js';
import { makeRecording } from '../long/made-recording.js';
import { describeEnvironment } from '../report/environment.js';
import { decodeAll } from '../support/decode-all.js';
import { type ServerProcess, withServer } from '../support/server-process.js';
import { type Clips, writeClips } from './clips.js';
import { measureRecovery } from './measure-recovery.js';
import { measureRequests } from './measure-requests.js';
import { measureSharing } from './measure-sharing.js';
import { recoverySection, reportEndurance, requestsSection, sharingSection } from './report.js';

export const ENDURANCE_PARTS = ['requests', 'recovery', 'sharing'] as const;
export type EndurancePart = (typeof ENDURANCE_PARTS)[number];

const LONG_RECORDINGS = 8;
const LONG_RECORDING_SECONDS = 3600;
/** A quarter of the places is kept for short recordings: so many let eight long ones work at once. */
const PLACES_FOR_LONG = { MAX_CONCURRENT_REQUESTS: '12' };

/** Prints how a server stands many requests, killed engines and long recordings: see `npm run bench -- endurance --help`. */
export async function runEnduranceBench({
  requests,
  kills,
  only,
}: {
  requests: number;
  kills: number;
  only?: EndurancePart;
}): Promise<void> {
  const environment = describeEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-bench-'));
  try {
    const clips = await withDecoder((decode) => writeClips({ decode, folder }));
    const parts: Record<EndurancePart, () => Promise<string>> = {
      requests: () =>
        withServer({}, async (server) =>
          requestsSection(await measureRequests({ server, clips: clips.short, requests }), server),
        ),
      recovery: () =>
        withServer({}, async (server) =>
          recoverySection(await measureRecovery({ server, clips, kills })),
        ),
      sharing: () => withServer(PLACES_FOR_LONG, (server) => sharing(server, clips)),
    };
    const sections: string[] = [];
    for (const part of only ? [only] : ENDURANCE_PARTS) sections.push(await parts[part]());
    process.stdout.write(`${reportEndurance(environment, sections)}\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sharing(server: ServerProcess, { short }: Clips): Promise<string> {
  const recording = await makeRecording(LONG_RECORDING_SECONDS);
  const path = short[0] as string;
  return sharingSection(
    await measureSharing({ server, path, recording, longRecordings: LONG_RECORDINGS }),
  );
}

async function withDecoder<Result>(
  work: (decode: (path: string) => Promise<Int16Array>) => Promise<Result>,
): Promise<Result> {
  const { maxAudioSeconds } = loadSettings();
  const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds, warmChildren: 0 });
  try {
    return await work((path) => decodeAll(decoder, path));
  } finally {
    await decoder.dispose();
  }
}
