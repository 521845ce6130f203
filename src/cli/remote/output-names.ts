import { basename, dirname, extname, join } from 'node:path';
import type { ResponseFormat } from '#utils/formats/index.js';
import { OUTPUT_ENDINGS } from '../output-paths.js';
import type { Recording } from './find-recordings.js';

export type OutputPaths = ReadonlyMap<ResponseFormat, string>;

/**
 * Gives each recording the names of its transcripts, the same in every run: the recording's own name with the format's
 * ending, beside it or at the same place below `outputDir`. Recordings that only differ in their ending keep it
 * (`talk.mp3.srt`, `talk.wav.srt`), so that none is taken for the other.
 */
export class OutputNames {
  readonly #formats: readonly ResponseFormat[];
  readonly #outputDir: string | undefined;
  /** Which recording has which name, without regard to case, as some file systems are. */
  readonly #owners = new Map<string, string>();

  constructor(options: {
    readonly formats: readonly ResponseFormat[];
    readonly outputDir: string | undefined;
  }) {
    this.#formats = options.formats;
    this.#outputDir = options.outputDir;
  }

  /** For recordings that are found at once; those of earlier calls keep theirs. */
  allot(recordings: readonly Recording[]): OutputPaths[] {
    const counts = new Map<string, number>();
    for (const recording of recordings) {
      const key = this.#shortName(recording).toLowerCase();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return recordings.map((recording) => {
      const short = this.#shortName(recording);
      const isAlone = counts.get(short.toLowerCase()) === 1;
      const name = this.#take(recording, isAlone);
      return new Map(this.#formats.map((format) => [format, name + OUTPUT_ENDINGS[format]]));
    });
  }

  #shortName({ path, label }: Recording): string {
    const folder =
      this.#outputDir === undefined ? dirname(path) : join(this.#outputDir, dirname(label));
    return join(folder, basename(path, extname(path)));
  }

  /** The first name that is nobody else's. */
  #take(recording: Recording, isAlone: boolean): string {
    const short = this.#shortName(recording);
    const long = join(dirname(short), basename(recording.path));
    for (let number = isAlone ? 0 : 1; ; number++) {
      const name = [short, long][number] ?? `${long}-${number}`;
      const owner = this.#owners.get(name.toLowerCase()) ?? recording.path;
      if (owner !== recording.path || this.#hitsItself(name, recording)) continue;
      this.#owners.set(name.toLowerCase(), recording.path);
      return name;
    }
  }

  /** A transcript must not take the place of its recording, whatever that is called. */
  #hitsItself(name: string, { path }: Recording): boolean {
    return this.#formats.some((format) => name + OUTPUT_ENDINGS[format] === path);
  }
}
