import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plainText } from '../../support/bad-files.js';
import { conversationClip, shortClip } from '../../support/clips.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { makeLongWav } from '../../support/long-files.js';
import { testFolder } from '../../support/paths.js';
import { startTestServer, type TestServer } from '../../support/start-server.js';
import { dataUrl, voiceSample, wavOf } from '../../support/voices.js';
import { modelsWithWhisper, WHISPER_MODEL } from '../../support/whisper-model.js';
import { startTroublesomeProxy, type TroublesomeProxy } from './troublesome-proxy.js';

/** What all clients work with: one gateway, a proxy before it, and recordings. */
export type Workbench = {
  readonly server: TestServer;
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  readonly proxy: TroublesomeProxy;
  readonly keys: { readonly good: string; readonly wrong: string; readonly spent: string };
  /** Paths. */
  readonly recordings: {
    /** 4.6 s, one sentence. */
    readonly sentence: string;
    /** 17.2 s, two people. */
    readonly conversation: string;
    /** Breaks off, which shows only after its beginning has been transcribed. */
    readonly breaksOff: string;
    /** More bytes than MAX_UPLOAD_BYTES. */
    readonly tooLarge: string;
    readonly noAudio: string;
  };
  readonly voices: { readonly names: readonly string[]; readonly references: readonly string[] };
  /** The id of a model that translates, where this machine has one. */
  readonly translator: string | undefined;
  close(): Promise<void>;
};

/** Requests in ten minutes that a key may make: more than the clients need, few enough to use one up. */
const RATE_LIMIT_REQUESTS = 400;

/**
 * Starts the gateway with everything that clients can meet: keys, limits, a model that translates where the machine has
 * one. Close it when the clients are done.
 */
export async function openWorkbench(): Promise<Workbench> {
  const folder = await testFolder();
  const models = await modelsWithWhisper();
  const keys = { good: 'key-of-clients', wrong: 'key-of-nobody', spent: 'key-that-is-used-up' };
  const server = await startTestServer({
    API_KEYS: `${keys.good},${keys.spent}`,
    RATE_LIMIT_REQUESTS: String(RATE_LIMIT_REQUESTS),
    RATE_LIMIT_WINDOW_SECONDS: '600',
    MAX_UPLOAD_BYTES: '5MB',
    ...(models && { MODELS_DIR: models.path }),
  });
  const proxy = await startTroublesomeProxy(server.url);
  await useUp(server.url, keys.spent);
  return {
    server,
    origin: server.url,
    proxy,
    keys,
    recordings: await writeRecordings(folder.path),
    voices: {
      names: ['Alice', 'Bruno'],
      references: (['Alice', 'Bruno'] as const).map((who) => dataUrl(wavOf(voiceSample(who)))),
    },
    translator: models && WHISPER_MODEL,
    async close() {
      await proxy.close();
      await server.close();
      await models?.remove();
      await folder.remove();
    },
  };
}

async function writeRecordings(folder: string): Promise<Workbench['recordings']> {
  const path = (name: string) => join(folder, name);
  const paths = {
    // Names that a person would choose.
    sentence: path('Sätze – réunion ☃.wav'),
    conversation: path('conversation.wav'),
    breaksOff: path('breaks off.wav'),
    tooLarge: path('too large.wav'),
    noAudio: path('no audio.mp3'),
  };
  await writeFile(paths.sentence, shortClip());
  await writeFile(paths.conversation, conversationClip());
  await writeFile(paths.tooLarge, Buffer.concat([shortClip(), Buffer.alloc(6_000_000)]));
  await writeFile(paths.noAudio, plainText);
  await writeBreakingOff(paths.breaksOff);
  return paths;
}

/** A WAV file whose header promises far more than there is. The end of so much is read after the beginning is transcribed. */
async function writeBreakingOff(path: string): Promise<void> {
  const [realSeconds, claimedSeconds] = [130, 4000];
  await makeLongWav(path, fixturePcm('two-speakers-clean'), realSeconds);
  const sizes = Buffer.alloc(4);
  sizes.writeUInt32LE(claimedSeconds * 32_000);
  const file = await open(path, 'r+');
  await file.write(sizes, 0, 4, 40);
  await file.close();
}

/** Makes as many requests as a key may. */
async function useUp(origin: string, key: string): Promise<void> {
  for (let request = 0; request < RATE_LIMIT_REQUESTS; request += 1) {
    const headers = { authorization: `Bearer ${key}` };
    await (await fetch(`${origin}/v1/models`, { headers })).arrayBuffer();
  }
}
