import { chmod, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '#services/audio/wav.js';
import { UsageError } from './report-failure.js';
import { voiceName } from './speaker-names.js';

/** A person's voice that was stored under their name. */
export type StoredVoice = {
  readonly name: string;
  /** 16 kHz mono WAV file. */
  readonly path: string;
  readonly addedAt: Date;
};

/** Voices of known people: a folder that only its owner can read, with a file for each, called like the person. */
export type VoiceStore = {
  readonly folder: string;
  /** By name. Throws UsageError when the folder cannot be read. */
  list(): Promise<StoredVoice[]>;
  /** Capitals make no difference, as in the names of files on some systems. Throws UsageError as `list` does. */
  find(name: string): Promise<StoredVoice | undefined>;
  /** Stores 16 kHz mono samples, in place of a voice of that name. Throws UsageError when nothing can be written. */
  save(voice: { readonly name: string; readonly samples: Int16Array }): Promise<void>;
  /** Gives the name as it was stored. Throws UsageError for one that is not, naming those that are. */
  remove(name: string): Promise<string>;
};

const ENDING = '.wav';
/** `dataDir` is DATA_DIR; it is made when the first voice is saved. */
export function createVoiceStore(dataDir: string): VoiceStore {
  const folder = join(dataDir, 'voices');

  const list = (): Promise<StoredVoice[]> =>
    explained(`${folder} cannot be read`, async () => {
      const files = (await namesIn(folder)).filter((file) => file.endsWith(ENDING));
      return Promise.all(
        files.sort().map(async (file): Promise<StoredVoice> => {
          const path = join(folder, file);
          const name = file.slice(0, -ENDING.length).normalize('NFC');
          return { name, path, addedAt: (await stat(path)).mtime };
        }),
      );
    });

  return {
    folder,
    list,
    find: async (name) => (await list()).find((voice) => isSame(voice.name, name)),
    async save({ name: text, samples }) {
      const name = voiceName(text);
      const before = (await list()).filter((voice) => isSame(voice.name, name));
      await explained(`${folder} cannot be written to`, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await chmod(folder, 0o700); // it may have been made by somebody less careful
        const unfinished = join(folder, `.${process.pid}.part`);
        try {
          await writeFile(unfinished, encodeWav(samples), { mode: 0o600 });
          for (const { path } of before) await rm(path, { force: true });
          await rename(unfinished, join(folder, name + ENDING));
        } finally {
          await rm(unfinished, { force: true });
        }
      });
    },
    async remove(name) {
      const voices = await list();
      const voice = voices.find((each) => isSame(each.name, name));
      if (!voice) throw new UsageError(notStored(name, voices));
      const { path } = voice;
      await explained(`${folder} cannot be written to`, () => rm(path));
      return voice.name;
    },
  };
}

/** The sentence about a voice that is not in the store, with those that are. */
export function notStored(name: string, voices: readonly StoredVoice[]): string {
  const known = voices.map((voice) => voice.name).join(', ') || 'none';
  return `No voice of ${JSON.stringify(name)} is stored; stored: ${known}.`;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function isSame(one: string, other: string): boolean {
  const key = (name: string) => name.trim().normalize('NFC').toLowerCase();
  return key(one) === key(other);
}

async function explained<T>(problem: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new UsageError(`${problem} (${reason}). DATA_DIR says where voices are kept.`, { cause });
  }
}
