import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { fieldsAsText } from './field-text.js';

/** A recording that has arrived. */
export type ReceivedFile = {
  readonly path: string;
  readonly bytes: number;
  /** What the client calls it: its text, to be shown to nobody else and never to be used as a path. */
  readonly name: string;
};

/** What a recording is called that came without a name. */
export const NAMELESS = 'unnamed';
const MAX_NAME_CHARACTERS = 255;

/** What a request is answered with that has more recordings than it may. */
export function tooManyFiles(maxFiles: number): WhosaidError {
  if (maxFiles === 1) return new WhosaidError('file_repeated');
  const reason = `it has more than ${maxFiles} recordings`;
  return new WhosaidError('multipart_malformed', { reason });
}

/** Fields and recordings of a body that multer has read; the request lets go of them. */
export async function collectParts(options: {
  request: Request;
  folder: string;
  fileFields: readonly string[];
  maxFiles: number;
}): Promise<{ fields: Record<string, unknown>; files: readonly ReceivedFile[] }> {
  const { request, folder, fileFields, maxFiles } = options;
  const [fileField = ''] = fileFields;
  // multer has `name[]` as `name`.
  const { [fileField]: nameless, ...rest } = request.body as Record<string, unknown>;
  const fields = fieldsAsText(rest);
  const files = (request.files as Express.Multer.File[]).map(
    ({ path, size, originalname }): ReceivedFile => ({
      path,
      bytes: size,
      name: originalname.slice(0, MAX_NAME_CHARACTERS),
    }),
  );
  // The request lives until it is answered, which may be hours.
  request.body = undefined;
  if (maxFiles === 1 && files.length > 0) return { fields, files };
  if (maxFiles === 1 && Array.isArray(nameless)) throw tooManyFiles(maxFiles);
  // A part with neither a file name nor a binary type looks like a text field.
  const texts = [nameless].flat().filter((text) => typeof text === 'string' && text !== '');
  if (files.length + texts.length > maxFiles) throw tooManyFiles(maxFiles);
  for (const [index, text] of (texts as string[]).entries()) {
    const bytes = Buffer.from(text, 'latin1');
    const path = join(folder, `upload-nameless-${index}`);
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    files.push({ path, bytes: bytes.length, name: NAMELESS });
  }
  return { fields, files };
}
