import { keyList } from './access-values.js';
import { type SettingAbout, setting } from './setting.js';
import { oneOf, optionalByteCount, parseSwitch, readWith } from './values.js';

const DEVICES = ['auto', 'cpu', 'cuda', 'coreml', 'directml'] as const;
const ENHANCEMENTS = ['none', 'denoise', 'vocals'] as const;
const ENHANCED_FOR = ['asr', 'both'] as const;
const NONE: readonly string[] = [];

const off = (about: Omit<SettingAbout, 'expected' | 'shownDefault'>) =>
  setting(readWith(parseSwitch), {
    ...about,
    expected: 'true or false',
    shownDefault: 'false',
    fallback: false,
  });

const modelIds = () =>
  readWith((text): readonly string[] =>
    text
      .split(',')
      .map((id) => id.trim())
      .filter((id) => id !== ''),
  );

const modelId = () => readWith((text): string | null => text.trim() || null);

/** Settings of which models are loaded, where they run, and what is done before and after them: docs/models.md. */
export const modelSettings = {
  PRELOAD_MODELS: setting(modelIds(), {
    field: 'preloadModels',
    expected: 'ids of models that `./bin/whosaid models list` shows, separated by commas',
    shownDefault: 'none',
    fallback: NONE,
    text: 'Models that are loaded with the server besides MODEL; others are loaded by the first request for them.',
  }),
  MODEL_MEMORY: setting(optionalByteCount(), {
    field: 'modelMemory',
    expected: 'a number of bytes of at least 1, for example 4GB',
    shownDefault: 'half of the memory of the machine or the container',
    fallback: null,
    text: 'Memory that the processes of all models may take together. Before another model is loaded, those that were not used for longest are unloaded until it fits.',
  }),
  ADMIN_KEYS: setting(keyList(), {
    field: 'adminKeys',
    isSecret: true,
    expected: 'keys of visible ASCII characters, separated by commas',
    shownDefault: 'not set',
    fallback: NONE,
    text: 'Keys that may fetch models over HTTP, besides everything that those of API_KEYS may. Without any, models are fetched with `./bin/whosaid models pull` alone.',
  }),
  DEVICE: setting(oneOf(DEVICES), {
    field: 'device',
    expected: DEVICES.join(', '),
    shownDefault: 'auto',
    fallback: 'auto',
    text: 'Where models run. `auto` takes `cuda` where its libraries were added and it works, else the processor; `coreml` and `directml` are taken by name only. One that does not work is tried, said in the log once, and replaced by the processor. See docs/devices.md.',
  }),
  GPU_MEMORY_LIMIT: setting(optionalByteCount(), {
    field: 'gpuMemoryLimit',
    expected: 'a number of bytes of at least 1, for example 4GB',
    shownDefault: 'no limit',
    fallback: null,
    text: 'Memory of the GPU that each engine process may take, where the device can be told. None of the libraries in use can: it is said in the log that it has no effect. See docs/devices.md.',
  }),
  ENHANCE: setting(oneOf(ENHANCEMENTS), {
    field: 'enhance',
    expected: ENHANCEMENTS.join(', '),
    shownDefault: 'none',
    fallback: 'none',
    text: 'What is done to the sound first, where a request has no `enhance` of its own: `denoise` takes noise away, `vocals` keeps voices and takes music away. See docs/enhancement.md.',
  }),
  ENHANCE_FOR: setting(oneOf(ENHANCED_FOR), {
    field: 'enhanceFor',
    expected: ENHANCED_FOR.join(' or '),
    shownDefault: 'asr',
    fallback: 'asr',
    text: 'Who hears the enhanced sound: recognition alone (`asr`), or also those who tell speakers apart (`both`).',
  }),
  DENOISE_MODEL: setting(modelId(), {
    field: 'denoiseModel',
    expected: 'the id of a model that takes noise away, as `./bin/whosaid models list` shows it',
    shownDefault: 'the first that is installed',
    fallback: null,
    text: 'Model for `denoise`.',
  }),
  VOCALS_MODEL: setting(modelId(), {
    field: 'vocalsModel',
    expected: 'the id of a model that takes music away, as `./bin/whosaid models list` shows it',
    shownDefault: 'the first that is installed',
    fallback: null,
    text: 'Model for `vocals`.',
  }),
  ENABLE_VOCAL_SEPARATION: off({
    field: 'vocalSeparation',
    text: 'The same as ENHANCE=vocals, which wins where both are set.',
  }),
  ENABLE_PUNCTUATION_RESTORATION: off({
    field: 'punctuationRestoration',
    text: 'Add punctuation and capitals to what models write that give none; others are left as they are. Needs a model for it: see docs/punctuation.md.',
  }),
  ENABLE_INVERSE_TEXT_NORMALIZATION: off({
    field: 'inverseNormalisation',
    text: 'Write numbers, dates and amounts in figures where the model can, for requests without an `inverse_text_normalization` of their own. See docs/punctuation.md.',
  }),
  ENABLE_SPELLING_CORRECTION: off({
    field: 'spellingCorrection',
    text: 'Where a model cannot be told `keywords`, replace words that are nearly one of them by it, for requests without a `spelling_correction` of their own. See docs/vocabulary.md.',
  }),
};
