import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, resolve } from 'node:path';
import { UsageError } from '../report-failure.js';

/** A file that is to be transcribed. */
export type Recording = {
  /** Absolute. */
  readonly path: string;
  /** Below the folder that was named, or the name of a file that was named itself: what people are shown. */
  readonly label: string;
};

/** What was named on the command line. */
export type Named = { readonly files: readonly Recording[]; readonly folders: readonly string[] };

/** Endings of what holds sound as a rule; files that are named themselves may have any. */
const ENDINGS = new Set(
  (
    '3gp aac ac3 aif aifc aiff amr ape au avi caf flac flv gsm m4a m4b m4v mka mkv mov mp2 mp3 mp4 mpeg mpg ' +
    'mpga mts oga ogg ogv opus ra spx ts tta voc w64 wav weba webm wma wmv wv'
  ).split(' '),
);

/**
 * Tells folders from files; what is not there is taken for a file, and fails as one.
 * @throws UsageError for a folder where none is wanted
 */
export async function sortNamed(
  paths: readonly string[],
  { isRecursive }: { readonly isRecursive: boolean },
): Promise<Named> {
  const files: Recording[] = [];
  const folders: string[] = [];
  for (const path of new Set(paths.map((each) => resolve(each)))) {
    const info = await stat(path).catch(() => undefined);
    if (info?.isDirectory() !== true) files.push({ path, label: basename(path) });
    else if (isRecursive) folders.push(path);
    else throw new UsageError(`${path} is a folder. Add --recursive to take what is in it.`);
  }
  return { files, folders };
}

/**
 * All recordings below a folder, by name; hidden ones and what links lead to are left out. `onProblem` is told of folders
 * that cannot be read.
 */
export async function recordingsIn(
  folder: string,
  onProblem: (path: string, error: unknown) => void,
): Promise<Recording[]> {
  const found: Recording[] = [];
  const visit = async (path: string): Promise<void> => {
    const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
      onProblem(path, error);
      return [];
    });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const inside = join(path, entry.name);
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory()) await visit(inside);
      else if (entry.isFile() && isRecordingName(entry.name)) {
        found.push({ path: inside, label: relative(folder, inside) });
      }
    }
  };
  await visit(folder);
  return found;
}

function isRecordingName(name: string): boolean {
  return ENDINGS.has(extname(name).slice(1).toLowerCase());
}
