import { fileVersion } from '#services/files/file-version.js';
import type { ExpectedFile, FileState } from './file-check.js';

type Look = { readonly version: string; readonly state: Promise<FileState> };

/**
 * Spares reading whole files twice: those who ask at the same time wait for one look, and a file that was found wrong is
 * not looked at again before it, or what it should be, has changed. One that was found right is not remembered here.
 */
export class FileLooks {
  readonly #looks = new Map<string, Look>();

  async state(
    path: string,
    expected: ExpectedFile | undefined,
    look: () => Promise<FileState>,
  ): Promise<FileState> {
    const found = await fileVersion(path);
    if (found === undefined) return look();
    const version = [found, expected?.bytes, expected?.sha256].join();
    const known = this.#looks.get(path);
    if (known?.version === version) return known.state;
    const current: Look = { version, state: look() };
    this.#looks.set(path, current);
    const drop = () => this.#looks.get(path) === current && this.#looks.delete(path);
    current.state.then(({ state }) => state === 'wrong' || drop(), drop);
    return current.state;
  }

  /** The next one who asks has the file looked at. */
  forget(path: string): void {
    this.#looks.delete(path);
  }
}
