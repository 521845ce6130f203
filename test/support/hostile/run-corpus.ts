import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '#services/audio/wav.js';
import { residentBytes } from '../decoding.js';
import { fixturePcm } from '../fixture-pcm.js';
import { startGatewayProcess } from '../gateway-process.js';
import { testFolder } from '../paths.js';
import { isRunning } from '../processes.js';
import type { RawResponse } from '../raw-http.js';
import { watchedCanary } from './canary.js';
import { hostileCorpus } from './corpus.js';
import { type Answers, postFiles } from './post-files.js';
import { oneOf } from './selection.js';

export type CorpusRunOptions = {
  /** Of families named here only one of so many files is sent. */
  readonly shares: Readonly<Record<string, number>>;
  /** The gateway's limit: what goes on for hours is stopped there. */
  readonly maxAudioSeconds: number;
  /** Requests at one time. Default 4. */
  readonly atOnce?: number;
};

/** What became of a gateway that was sent hostile files. */
export type CorpusRun = {
  readonly answers: Answers;
  readonly canary: { readonly wasRead: boolean | undefined; readonly calls: number };
  /** Whether the gateway, and each engine, is the process it was. */
  readonly gatewayLives: boolean;
  readonly enginesLive: boolean;
  /** Decoding processes left beside the one that waits for the next recording. */
  readonly decodersLeft: number;
  readonly filesLeft: readonly string[];
  /** Resident memory of the gateway after the first requests, and at most. */
  readonly memory: { readonly beginBytes: number; readonly peakBytes: number };
  /** The answer to a whole recording afterwards. */
  readonly afterwards: RawResponse;
};

const LOOK_EVERY_MS = 200;
/** So long the memory of a gateway may settle. */
const SETTLED_AFTER_MS = 5000;

/** Starts a gateway, sends the corpus to it and looks at what is left. */
export async function runCorpus(options: CorpusRunOptions): Promise<CorpusRun> {
  const { shares, maxAudioSeconds, atOnce = 4 } = options;
  const folder = await testFolder();
  const canarySpeech = fixturePcm('two-speakers-clean').subarray(0, 4.6 * 16_000);
  const speech = Buffer.from(encodeWav(canarySpeech));
  const canary = await watchedCanary(join(folder.path, 'canary.wav'), speech);
  const gateway = await startGatewayProcess({ MAX_AUDIO_SECONDS: String(maxAudioSeconds) });
  try {
    const engines = gateway.children('speech');
    const memory = watchMemory(gateway.pid);
    const files = oneOf(shares, hostileCorpus({ folder: folder.path, canary }));
    const answers = await postFiles({ url: gateway.url, files, atOnce });
    const filesLeft = await readdir(gateway.tempDir, { recursive: true });
    return {
      answers,
      canary: await canary.touched(),
      gatewayLives: isRunning(gateway.pid),
      enginesLive: engines.length > 0 && engines.join() === gateway.children('speech').join(),
      decodersLeft: Math.max(0, gateway.children('decoder').length - 1),
      // The folder that names the process stays as long as the process.
      filesLeft: filesLeft.filter((path) => path.includes('/')),
      memory: memory.stop(),
      afterwards: await gateway.transcribe(speech),
    };
  } finally {
    await gateway.close();
    await canary.close();
    await folder.remove();
  }
}

function watchMemory(pid: number): { stop(): CorpusRun['memory'] } {
  const startMs = performance.now();
  let beginBytes = 0;
  let peakBytes = 0;
  const timer = setInterval(() => {
    const bytes = residentBytes(pid);
    peakBytes = Math.max(peakBytes, bytes);
    if (performance.now() - startMs < SETTLED_AFTER_MS) beginBytes = Math.max(beginBytes, bytes);
  }, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return { beginBytes, peakBytes };
    },
  };
}
