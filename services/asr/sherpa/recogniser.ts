import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { sherpaProvider } from '#services/devices/in-use.js';
import { createTempStore } from '#services/temp/temp-store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { SAMPLE_RATE } from '../types.js';
import { collectGarbage } from './collect-garbage.js';
import type { Call, SherpaFamily, SherpaModel } from './family.js';
import type { Offline, Online, Raw, Sherpa, Stream } from './package-types.js';
import { hiddenName, hiddenVocabulary } from './vocabulary.js';

/** What sherpa-onnx said about one segment, as it came. */
export type RawResult = {
  readonly text: string;
  readonly tokens: readonly string[];
  /** Seconds; empty where the family gives none. */
  readonly timestamps: readonly number[];
  readonly durations: readonly number[];
  /** Natural-log probabilities; empty where the family gives none. */
  readonly logProbs: readonly number[];
  /** As the family writes it; empty where it gives none. */
  readonly language: string;
};

export type Recogniser = {
  /** One segment; calls wait for each other. `samples` in [-1, 1]. */
  decode(samples: Float32Array, call: Call): Promise<RawResult>;
};

/** Recognisers of one model that are kept: the usual one and the one that something else was last asked of. */
const KEPT = 2;
/** Sizes of the features that families ask for where their models do not say it. */
const FEATURES = { sampleRate: SAMPLE_RATE, featureDim: 80 };

export type OpenOptions = {
  readonly family: SherpaFamily;
  /** Checked: what sherpa cannot use, it answers by ending the process. */
  readonly model: SherpaModel;
  readonly threads: number;
  readonly tempDir: string;
};

/**
 * The recognisers of one model in sherpa-onnx, the first of which is loaded before this resolves. Only in an engine
 * host.
 *
 * Where a family can change what is asked of it, that is done on a loaded recogniser; where it cannot, another one is
 * loaded beside it, and what was not used last is let go when a third is needed.
 */
export async function openRecogniser(options: OpenOptions): Promise<Recogniser> {
  const loaded = new Map<string, Loaded>();
  const load = async (call: Call): Promise<Loaded> => {
    const identity = identityOf(call);
    if (!loaded.has(identity)) await makeRoom(loaded);
    const found = loaded.get(identity) ?? (await loadOne(options, call));
    loaded.delete(identity);
    loaded.set(identity, found);
    return found;
  };
  await load(options.family.call({}, options.model));
  // One after the other: a recogniser has one configuration.
  let last: Promise<unknown> = Promise.resolve();
  return {
    decode(samples, call) {
      const run = last.then(async () => (await load(call)).decode(samples, call));
      last = run.catch(() => {});
      return run;
    },
  };
}

/** Lets the one go that was not used for longest. sherpa-onnx knows no other way than that nobody holds it. */
async function makeRoom(loaded: Map<string, Loaded>): Promise<void> {
  const [oldest] = loaded.keys();
  if (oldest === undefined || loaded.size < KEPT) return;
  loaded.delete(oldest);
  await collectGarbage();
}

type Loaded = { decode(samples: Float32Array, call: Call): Promise<RawResult> };

function identityOf({ identity = '', renamed = new Map() }: Call): string {
  return JSON.stringify([identity, [...renamed]]);
}

async function loadOne(options: OpenOptions, call: Call): Promise<Loaded> {
  const { vocabulary: encoding } = options.family;
  // Named after this process, so that the next server removes it should this one be killed meanwhile.
  const temp = createTempStore({ root: options.tempDir, logger: silentLogger });
  try {
    let tokens = '';
    if (encoding !== undefined) {
      tokens = join((await temp.folder()).path, 'tokens.txt');
      const names = hiddenVocabulary(options.model.vocabulary, encoding, call.renamed);
      await writeFile(tokens, names);
    }
    const configOf = (each: Call) => sherpaConfig(each, { tokens, threads: options.threads });
    return await openOne(options, { configOf, call }).catch((cause: unknown) => {
      throw notLoadable(options.model.modelId, cause);
    });
  } finally {
    // The vocabulary is read once.
    await temp.dispose();
  }
}

type Config = { readonly configOf: (call: Call) => unknown; readonly call: Call };

async function openOne({ family }: OpenOptions, { configOf, call }: Config): Promise<Loaded> {
  const sherpa = createRequire(import.meta.url)('sherpa-onnx-node') as Sherpa;
  const config = configOf(call);
  if (family.online) return onlineRecogniser(new sherpa.OnlineRecognizer(config));
  return offlineRecogniser(await sherpa.OfflineRecognizer.createAsync(config), { configOf, call });
}

/** What onnxruntime finds inside a graph of a model that is not streaming is an error, not the end; it holds paths. */
function notLoadable(modelId: string, cause: unknown): WhosaidError {
  const remedy = `run './bin/whosaid models verify ${modelId}' to see which, and fetch it again`;
  const reason = `model '${modelId}' cannot be loaded: a file of it is damaged inside; ${remedy}`;
  return new WhosaidError('engine_unavailable', { reason }, { cause });
}

function sherpaConfig(
  { modelConfig, config }: Call,
  { tokens, threads }: { tokens: string; threads: number },
): unknown {
  return {
    featConfig: FEATURES,
    ...config,
    modelConfig: {
      ...modelConfig,
      tokens,
      numThreads: threads,
      provider: sherpaProvider(),
      debug: 0,
    },
  };
}

function offlineRecogniser(recogniser: Offline, { configOf, call }: Config): Loaded {
  let current = JSON.stringify(configOf(call));
  // Native code works on a stream without holding it: what nobody can reach any more may be collected meanwhile.
  const inUse = new Set<Stream>();
  return {
    async decode(samples, each) {
      const wanted = configOf(each);
      const key = JSON.stringify(wanted);
      if (key !== current) recogniser.setConfig(wanted);
      current = key;
      const hotwords = each.hotwords?.map((ids) => ids.map(hiddenName).join('')).join('/');
      const stream = hotwords ? recogniser.createStream(hotwords) : recogniser.createStream();
      for (const [name, value] of Object.entries(each.stream ?? {})) stream.setOption(name, value);
      stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
      inUse.add(stream);
      try {
        return resultOf(await recogniser.decodeAsync(stream));
      } finally {
        inUse.delete(stream);
      }
    },
  };
}

/** Streaming models run over a whole segment; they have no call that leaves the event loop free. */
function onlineRecogniser(recogniser: Online): Loaded {
  return {
    async decode(samples, each) {
      const stream = recogniser.createStream();
      for (const [name, value] of Object.entries(each.stream ?? {})) stream.setOption(name, value);
      stream.acceptWaveform({ samples, sampleRate: SAMPLE_RATE });
      stream.inputFinished?.();
      while (recogniser.isReady(stream)) recogniser.decode(stream);
      return resultOf(recogniser.getResult(stream));
    },
  };
}

function resultOf(raw: Raw): RawResult {
  return {
    text: raw.text,
    tokens: raw.tokens,
    timestamps: raw.timestamps,
    durations: raw.durations ?? [],
    logProbs: raw.ys_log_probs ?? raw.ys_probs ?? [],
    language: raw.lang ?? '',
  };
}
