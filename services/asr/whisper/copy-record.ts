import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const knownFileSchema = z.object({
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  /** The file's size, times and place on the disk when it was hashed. */
  version: z.string(),
});
const madeFrom = { decoder: knownFileSchema, additionSha256: z.string() };
const recordSchema = z.union([
  z.object({ ...madeFrom, copy: knownFileSchema }),
  z.object({ ...madeFrom, failure: z.string() }),
]);

/** A file by its content. */
export type KnownFile = Readonly<z.infer<typeof knownFileSchema>>;

/** Of what a copy was made, and what it was then; or why none came of it. */
export type CopyRecord = Readonly<z.infer<typeof recordSchema>>;

/** Undefined for none, and for one that cannot be read: the copy is made anew then. */
export async function readRecord(path: string): Promise<CopyRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Best effort: without a record the copy is made anew by the next one who needs it. */
export async function writeRecord(path: string, record: CopyRecord): Promise<void> {
  const unique = `${path}.${randomUUID()}`;
  try {
    await writeFile(unique, `${JSON.stringify(record, null, 2)}\n`);
    await rename(unique, path);
  } catch {
    await rm(unique, { force: true }).catch(() => {});
  }
}
