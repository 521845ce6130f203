import { signal } from '@preact/signals';
import { modelOf } from '../api/server.js';
import { remember, remembered } from '../storage/remembered.js';

/** How recordings are to be transcribed: what the form holds. */
export type Options = {
  /** Id of the catalogue; empty for the server's default. */
  readonly model: string;
  /** ISO 639-1; empty to have it found out. */
  readonly language: string;
  readonly speakers: 'none' | 'detect' | 'number' | 'known';
  readonly speakerCount: number;
  readonly enhance: string;
  readonly isTranslation: boolean;
  readonly prompt: string;
  /** Separated by commas or line breaks. */
  readonly keywords: string;
};

/** Somebody whose voice is known: a name, and a few seconds of them alone. */
export type KnownPerson = { readonly name: string; readonly clip: Blob | undefined };

export const MOST_SPEAKERS = 50;
/** OpenAI's limit. */
export const MOST_KNOWN_PEOPLE = 4;

const DEFAULTS: Options = {
  model: '',
  language: '',
  speakers: 'detect',
  speakerCount: 2,
  enhance: '',
  isTranslation: false,
  prompt: '',
  keywords: '',
};

export const options = signal<Options>(readRemembered());
/** Voices are not remembered: they stay in this page until it is closed. */
export const people = signal<readonly KnownPerson[]>([{ name: '', clip: undefined }]);

export function changeOptions(changes: Partial<Options>): void {
  options.value = { ...options.value, ...changes };
  remember('options', options.value);
}

/** What is wrong with the options, in words; undefined where they can be sent. */
export function problemOfOptions(): string | undefined {
  const { speakers, speakerCount } = options.value;
  if (speakers === 'number' && !(speakerCount >= 1 && speakerCount <= MOST_SPEAKERS)) {
    return `The number of speakers is one from 1 to ${MOST_SPEAKERS}.`;
  }
  if (speakers !== 'known') return undefined;
  const isHalf = people.value.some(({ name, clip }) => name.trim() === '' || clip === undefined);
  return isHalf ? 'Each known person needs a name and a sample of their voice.' : undefined;
}

/** The fields of a job, as the API wants them. */
export async function fieldsOf(): Promise<(readonly [string, string])[]> {
  const { model, language, enhance, isTranslation, prompt } = options.value;
  const about = modelOf(model);
  const { capabilities } = about ?? {};
  const knowsLanguage = about === undefined || about.languages.includes(language);
  return [
    ['model', about?.model ?? 'whisper-1'],
    ...given('language', knowsLanguage ? language : ''),
    ...given('task', isTranslation && capabilities?.translation ? 'translate' : ''),
    ...given('enhance', capabilities?.enhance.includes(enhance) ? enhance : ''),
    ...given('prompt', capabilities?.prompt ? prompt.trim() : ''),
    ...keywordFields(capabilities?.keywords ?? false),
    ...(capabilities?.speakers === false ? [] : await speakerFields()),
    // Where there are words, this is what the page shows and every other format is made of.
    ['response_format', 'verbose_json'],
    ['timestamp_granularities[]', 'word'],
    ['timestamp_granularities[]', 'segment'],
  ];
}

function given(name: string, value: string): (readonly [string, string])[] {
  return value === '' ? [] : [[name, value]];
}

/** Models that cannot be told words have near misses of them put right. */
function keywordFields(isTold: boolean): (readonly [string, string])[] {
  const keywords = options.value.keywords
    .split(/[,\n]/)
    .map((keyword) => keyword.trim())
    .filter((keyword) => keyword !== '');
  if (keywords.length === 0) return [];
  const correction = isTold ? [] : given('spelling_correction', 'true');
  return [...keywords.map((keyword) => ['keywords[]', keyword] as const), ...correction];
}

async function speakerFields(): Promise<(readonly [string, string])[]> {
  const { speakers, speakerCount } = options.value;
  if (speakers === 'none') return [['diarize', 'false']];
  if (speakers === 'number') return [['num_speakers', String(speakerCount)]];
  if (speakers === 'detect') return [['diarize', 'true']];
  const named = people.value.map(async ({ name, clip }) => [
    ['known_speaker_names[]', name.trim()] as const,
    ['known_speaker_references[]', await dataUrl(clip ?? new Blob())] as const,
  ]);
  return (await Promise.all(named)).flat();
}

/** A file as the API takes it in a field. */
export function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function readRemembered(): Options {
  const kept = remembered('options');
  if (typeof kept !== 'object' || kept === null) return DEFAULTS;
  const known = Object.entries(kept).filter(
    ([name, value]) => name in DEFAULTS && typeof value === typeof DEFAULTS[name as keyof Options],
  );
  return { ...DEFAULTS, ...Object.fromEntries(known) };
}
