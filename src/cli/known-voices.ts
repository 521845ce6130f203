import { access, constants } from 'node:fs/promises';
import type { VoiceReference } from '#services/transcription/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { UsageError } from './report-failure.js';
import type { KnownFlag } from './speaker-flags.js';
import { checkSpeakerNames } from './speaker-names.js';
import { notStored, type VoiceStore } from './voice-store.js';

/** The part of the store that is read. */
export type KnownVoices = Pick<VoiceStore, 'find' | 'list'>;

/**
 * The files of known voices: as given, or out of the store where a name stands alone.
 * @throws UsageError for a file that cannot be read or a voice that is not stored, and for two of one name
 */
export async function findVoices(
  known: readonly KnownFlag[],
  store: KnownVoices,
): Promise<VoiceReference[]> {
  const voices = await Promise.all(
    known.map(async ({ name, path }): Promise<VoiceReference> => {
      if (path === undefined) return storedVoice(name, store);
      await checkReadable(path);
      return { name, path };
    }),
  );
  // A stored voice has the name it is stored under, which may be the same for two that were asked for.
  checkSpeakerNames(voices.map(({ name }) => name));
  return voices;
}

/** @throws UsageError */
export async function checkReadable(path: string): Promise<void> {
  try {
    await access(path, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`${path} cannot be opened (${code}). Expected a recording of one person.`);
  }
}

async function storedVoice(name: string, store: KnownVoices): Promise<VoiceReference> {
  const found = await store.find(name);
  if (found) return { name: found.name, path: found.path };
  const file = /\.\w+$/.test(name) ? name : 'file';
  throw new UsageError(
    `${notStored(name, await store.list())} Store it with './bin/whosaid voices add', or write --known name=${file}.`,
  );
}

/**
 * What is wrong with a known voice, in the words of the command line; undefined when an error is about something else.
 * Errors of the catalogue speak of fields of a request and number the voices in their order.
 */
export function voiceProblem(
  error: unknown,
  voices: readonly VoiceReference[],
): UsageError | undefined {
  if (!(error instanceof WhosaidError)) return undefined;
  const { number, received, expected, reason } = error.params;
  const said = sentenceOf(error.key, { received, expected, reason });
  const voice = voices[Number(number) - 1];
  if (said === undefined || voice === undefined) return undefined;
  const message = `The voice of ${JSON.stringify(voice.name)} (${voice.path}) cannot be used: ${said}`;
  return new UsageError(message, { cause: error });
}

type Params = Readonly<Record<'received' | 'expected' | 'reason', string | number | undefined>>;

function sentenceOf(key: WhosaidError['key'], params: Params): string | undefined {
  const { received, expected, reason } = params;
  switch (key) {
    case 'known_speaker_not_audio':
      return String(reason);
    case 'known_speaker_length':
      return `it is ${received} seconds long; expected 1.2 to 10 seconds. Cut out a part in which they speak.`;
    case 'known_speaker_silent':
      return `it holds ${received} seconds of speech; expected at least ${expected}. Take a part in which they speak.`;
    case 'known_speaker_several_voices':
      return `${received} voices are heard in it. Take a part in which they speak alone.`;
    default:
      return undefined;
  }
}
