import { readFile } from 'node:fs/promises';
import { findVoices, type KnownVoices } from '../known-voices.js';
import { UsageError } from '../report-failure.js';
import type { KnownFlag } from '../speaker-flags.js';
import type { TranscribeFilesOptions } from '../transcribe-files.js';

/** Names and values of form fields. */
export type Fields = readonly (readonly [string, string])[];

/** Means the server's own default, or one that can translate. */
const DEFAULT_MODEL = 'whisper-1';

/**
 * What is asked of the server for every recording, in the words of its API.
 * @throws UsageError as `findVoices` does, and where one option asks for speakers and another does not want them
 */
export async function requestFields(
  options: Pick<
    TranscribeFilesOptions,
    | 'formats'
    | 'language'
    | 'model'
    | 'task'
    | 'enhance'
    | 'enhanceFor'
    | 'inverseNormalisation'
    | 'prompt'
    | 'keywords'
    | 'spellingCorrection'
    | 'speakers'
  >,
  store: KnownVoices,
): Promise<Fields> {
  const { formats, language = 'auto', model = DEFAULT_MODEL, task, speakers } = options;
  const isDiarized = formats.includes('diarized_json');
  if (speakers.refused && isDiarized) {
    throw new UsageError(
      'diarized_json says who spoke, and --no-diarize says not to. Leave one out.',
    );
  }
  const { count, channels, askedBy } = speakers;
  const isAsked = askedBy !== undefined || isDiarized;
  const fields: (readonly [string, string | undefined])[] = [
    ['model', model],
    ['task', task],
    ['language', /^\s*(auto)?\s*$/i.test(language) ? undefined : language],
    ['enhance', options.enhance],
    ['enhance_for', options.enhanceFor],
    ['inverse_text_normalization', options.inverseNormalisation?.toString()],
    ['prompt', options.prompt],
    ...(options.keywords ?? []).map((keyword) => ['keywords[]', keyword] as const),
    ['spelling_correction', options.spellingCorrection?.toString()],
    ['response_format', isDiarized ? 'diarized_json' : formats[0]],
    ['diarize', speakers.refused ? 'false' : isAsked ? 'true' : undefined],
    ['min_speakers', count?.min?.toString()],
    ['max_speakers', count?.max?.toString()],
    ['channels', channels && 'split'],
    ...(channels?.names ?? []).map((name) => ['known_speaker_names[]', name] as const),
    ...(await voiceFields(speakers.known, store)),
  ];
  return fields.filter((field): field is [string, string] => field[1] !== undefined);
}

/** Known voices as the API takes them: names, and samples as data URLs. */
async function voiceFields(known: readonly KnownFlag[], store: KnownVoices): Promise<Fields> {
  const voices = await findVoices(known, store);
  const samples = await Promise.all(voices.map(({ path }) => readFile(path, 'base64')));
  return voices.flatMap(({ name }, index) => [
    ['known_speaker_names[]', name],
    ['known_speaker_references[]', `data:application/octet-stream;base64,${samples[index]}`],
  ]);
}
