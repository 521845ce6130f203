import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Fields } from './request-fields.js';

/** A form with a file, which is read from disk while it is sent. */
export type MultipartBody = {
  readonly contentType: string;
  readonly bytes: number;
  /** The parts in their order. Throws when the file cannot be read, or is not as long as it was any more. */
  chunks(): AsyncGenerator<Buffer>;
};

/** The file is the part `file`, called as it is on disk. */
export function multipartBody(options: {
  readonly fields: Fields;
  readonly path: string;
  /** Its size. */
  readonly size: number;
}): MultipartBody {
  const { fields, path, size } = options;
  const boundary = `whosaid-${randomBytes(16).toString('hex')}`;
  const texts = fields.map(
    ([name, value]) =>
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const fileHead =
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${escaped(basename(path))}"\r\n` +
    'content-type: application/octet-stream\r\n\r\n';
  const head = Buffer.from(texts.join('') + fileHead);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    bytes: head.length + size + tail.length,
    async *chunks() {
      yield head;
      let sent = 0;
      for await (const chunk of createReadStream(path)) {
        sent += (chunk as Buffer).length;
        if (sent > size) break;
        yield chunk as Buffer;
      }
      if (sent !== size) throw new Error('The file has changed while it was sent.');
      yield tail;
    },
  };
}

/** As browsers write names: https://html.spec.whatwg.org/#multipart-form-data */
function escaped(name: string): string {
  return name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
}
