import type { HostileFile } from './hostile-file.js';

/** Leaves only one of so many files of each family; all of a family that is not named. */
export async function* oneOf(
  shares: Readonly<Record<string, number>>,
  files: AsyncIterable<HostileFile>,
): AsyncGenerator<HostileFile> {
  const seen: Record<string, number> = {};
  for await (const file of files) {
    const number = seen[file.family] ?? 0;
    seen[file.family] = number + 1;
    if (number % (shares[file.family] ?? 1) === 0) yield file;
  }
}
