import type { RecogniseOptions } from '#services/asr/types.js';
import type { LiveSettings, TurnDetection } from '#services/live/types.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { parseLanguage } from '#utils/languages/languages.js';
import type { AppDeps } from '../app-deps.js';
import { chooseRecogniser, type RecogniserChoice } from '../choose-recogniser.js';
import { shown } from '../routes/field-readers.js';
import { decideSpeakers } from '../routes/speaker-decision.js';
import { parseSpeakerFields } from '../routes/speaker-fields.js';
import type { KnownVoices } from './known-voices.js';
import {
  type Eagerness,
  LOGPROBS,
  type SessionSettings,
  type TranscriptionWishes,
  type TurnDetectionWishes,
} from './session-settings.js';

/** What a session is transcribed by. */
export type LiveChoice = { readonly entry: ModelEntry; readonly settings: LiveSettings };

export type ChooseLiveDeps = Pick<AppDeps, 'catalogue' | 'store' | 'aliases'> & {
  readonly settings: Pick<
    AppDeps['settings'],
    'model' | 'inverseNormalisation' | 'speakerDiarization'
  >;
};

/** Ids of OpenAI's for models that hear sound as it comes: which model that is here is left to us. */
const REALTIME_IDS = /^gpt-((4o-)?(mini-)?realtime|live)/;

/** Silence that ends an utterance, by how eager the answer is wanted. */
const EAGER_SECONDS: Readonly<Record<Eagerness, number>> = {
  high: 0.3,
  medium: 0.6,
  auto: 0.6,
  low: 1.2,
};
const USUAL_DETECTION = { threshold: 0.5, prefixPaddingSeconds: 0.3 };

/**
 * What the settings of a session mean on this server: the same models, languages and rules about speakers as for a
 * recording. Throws the catalogue's error for what cannot be had, with the field in its `param`, among them
 * `model_not_found`, `language_unsupported`, `logprobs_unsupported`, `speakers_disabled` and those about known voices.
 */
export async function chooseLive(
  session: SessionSettings,
  { deps, voices }: { readonly deps: ChooseLiveDeps; readonly voices: KnownVoices },
): Promise<LiveChoice> {
  const wishes = session.transcription ?? {};
  const choice = await choiceOf(session, deps);
  const { entry, recognition } = choice.first;
  const recognise: RecogniseOptions = recognition;
  const fields = parseSpeakerFields({
    ...(wishes.diarize !== undefined && { diarize: String(wishes.diarize) }),
    known_speaker_names: wishes.known_speaker_names,
    known_speaker_references: wishes.known_speaker_references,
  });
  const { by } = decideSpeakers({
    fields,
    responseFormat: 'json',
    modelAsks: choice.diarize,
    mode: deps.settings.speakerDiarization,
  });
  const { turnDetection } = session;
  return {
    entry,
    settings: {
      recognise,
      ...(turnDetection !== null && { turnDetection: detectionOf(turnDetection) }),
      ...(by !== 'nobody' && { speakers: { known: await voices.learn(fields.known ?? []) } }),
    },
  };
}

function choiceOf(session: SessionSettings, deps: ChooseLiveDeps): Promise<RecogniserChoice> {
  const { model, prompt, keywords, language, languages } = session.transcription ?? {};
  const spoken = [...new Set((languages ?? []).flatMap((each) => codeOf(each, 'languages') ?? []))];
  const code = codeOf(language, 'language');
  if (code !== undefined && spoken.length > 0) throw new WhosaidError('languages_contradict');
  return chooseRecogniser(
    {
      model: modelId(model, deps),
      task: 'transcribe',
      logprobs: session.include?.includes(LOGPROBS) ?? false,
      language: code,
      languages: spoken.length > 0 ? spoken : undefined,
      prompt: presentOr(prompt),
      keywords: checkedKeywords(keywords),
    },
    // Text that was told is never taken back, so that words cannot be put right afterwards.
    { models: deps, settings: { ...deps.settings, spellingCorrection: false } },
  );
}

/** The id that a session names, for which its model is looked up. */
export function modelId(
  named: string | undefined,
  { aliases }: Pick<ChooseLiveDeps, 'aliases'>,
): string {
  const id = named?.trim() ?? '';
  if (id === '') return 'whisper-1';
  return REALTIME_IDS.test(id) && !aliases.has(id) ? 'whisper-1' : id;
}

function codeOf(language: string | undefined, param: string): string | undefined {
  const text = language?.trim().toLowerCase() ?? '';
  if (text === '' || text === 'auto') return undefined;
  const code = parseLanguage(text);
  if (code !== undefined) return code;
  throw new WhosaidError('language_unknown', { param, received: shown(language ?? '') });
}

function checkedKeywords(keywords: TranscriptionWishes['keywords']): string[] | undefined {
  const words = (keywords ?? []).map((word) => word.trim()).filter((word) => word !== '');
  const at = words.findIndex((word) => /[<>\r\n]/.test(word));
  if (at >= 0) throw new WhosaidError('keyword_invalid', { number: at + 1 });
  return words.length > 0 ? words : undefined;
}

function presentOr(text: string | undefined): string | undefined {
  return text?.trim() === '' ? undefined : text;
}

function detectionOf(wishes: TurnDetectionWishes): TurnDetection {
  if (wishes.type === 'semantic_vad')
    return { ...USUAL_DETECTION, silenceSeconds: EAGER_SECONDS[wishes.eagerness] };
  return {
    threshold: wishes.threshold,
    prefixPaddingSeconds: wishes.prefix_padding_ms / 1000,
    silenceSeconds: wishes.silence_duration_ms / 1000,
  };
}
