import type { Settings } from '#config/settings.js';
import { type ModelAliases, OPENAI_MODEL_IDS } from '#services/model-manager/aliases.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { parseLanguage } from '#utils/languages/languages.js';
import type { Logger } from '#utils/logging/logger.js';
import { chooseEnhancement } from '../choose-enhancement.js';
import { chooseRecogniser, type Recogniser } from '../choose-recogniser.js';
import { openModels } from '../runtime.js';
import { decideSpeakers, type SpeakersBy } from './decide-speakers.js';
import { findVoices } from './known-voices.js';
import { say } from './say.js';
import type { TranscribeFilesOptions } from './transcribe-files.js';
import type { TranscribeOneOptions } from './transcribe-one.js';
import { createVoiceStore } from './voice-store.js';

/** How one asks for a model here, for messages that name one. */
const MODEL_OPTION = 'use --model ';

/** What the pipeline is asked for, checked before anything is started. */
export async function readRequest(context: {
  readonly options: TranscribeFilesOptions;
  readonly settings: Settings;
  readonly logger: Logger;
}): Promise<Pick<TranscribeOneOptions, 'request' | 'recogniser'> & { readonly by: SpeakersBy }> {
  const { options, settings, logger } = context;
  const models = { ...openModels({ settings, logger }), modelOption: MODEL_OPTION };
  const { task } = options;
  const recogniser = await chooseRecogniser(
    {
      ...options,
      model: askedModel(options, { settings, ...models }),
      language: readLanguage(options.language),
      logprobs: false,
    },
    { models, settings },
  );
  if (!recogniser.isOpen) sayRecogniser(recogniser.first);
  const { speakers: wishes, formats } = options;
  const mode = settings.speakerDiarization;
  const by = decideSpeakers({ wishes, formats, modelAsks: recogniser.diarize, mode });
  const { count, channels } = wishes;
  const known = await findVoices(wishes.known, createVoiceStore(settings.dataDir));
  const sound = { enhance: options.enhance, for: options.enhanceFor };
  const enhance = await chooseEnhancement(sound, { settings, ...models });
  return {
    by,
    recogniser,
    request: {
      task,
      ...(enhance && { enhance }),
      ...(by === 'voices' && { speakers: { ...(count !== undefined && { count }), known } }),
      ...(by === 'channels' && channels !== undefined && { channels }),
    },
  };
}

/** Says what is done with wishes that not every model can do. */
export function sayRecogniser({ entry, vocabulary, normalisation, followed }: Recogniser): void {
  if (followed) say(`language: ${followed.heard}; model: ${entry.id}`);
  if (vocabulary.applied !== undefined) say(`vocabulary: ${vocabulary.applied}`);
  if (normalisation.outcome === 'unsupported')
    say(`${entry.id} cannot be told how to write numbers: they stay as it writes them`);
}

/** Who named no model and wants a translation leaves the choice open, as an id of OpenAI's does for the server. */
function askedModel(
  { model, task }: TranscribeFilesOptions,
  { settings, aliases }: { readonly settings: Settings; readonly aliases: ModelAliases },
): string {
  if (model !== undefined || task === 'transcribe') return settings.model;
  return OPENAI_MODEL_IDS.find((id) => !aliases.has(id)) ?? settings.model;
}

function readLanguage(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '' || text.trim().toLowerCase() === 'auto')
    return undefined;
  const code = parseLanguage(text);
  if (code === undefined)
    throw new WhosaidError('language_unknown', { param: 'language', received: text });
  return code;
}
