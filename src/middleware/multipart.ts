import type { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import multer from 'multer';
import type { Reservation } from '#services/temp/room.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Timings } from '../timings.js';
import { type Arrival, watchArrival } from './arrival.js';
import { collectParts, NAMELESS, type ReceivedFile, tooManyFiles } from './received-parts.js';
import type { UploadStorage } from './upload-storage.js';

/** What a multipart body held. */
export type Multipart = {
  /** Text fields; `name[]` and `name[key]` are arrays and objects without a prototype. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The part with the recording, on disk; the first one where there may be several. */
  readonly file?: ReceivedFile;
  /** All recordings, in the order in which they came. */
  readonly files: readonly ReceivedFile[];
  /** The request's own temporary folder, for further files; it goes when the request ends. */
  readonly folder: string;
  /** Sets room aside for a further file of so many bytes. Throws as `Reservation.filled`. */
  readonly takeRoom: (bytes: number) => void;
};

export type ReceiveOptions = {
  readonly request: Request;
  readonly response: Response;
  readonly storage: UploadStorage;
  /** Folder that the storage writes to. */
  readonly folder: string;
  /** Limit of the whole body. */
  readonly maxBytes: number;
  /** Name of the part with the recording; with `maxFiles` also followed by `[]`. */
  readonly fileField: string;
  /** As many recordings may come. Default 1. */
  readonly maxFiles?: number;
  readonly timings: Pick<Timings, 'stalledUploadMs' | 'slowUploadMs'>;
  /** Room on disk for the body. */
  readonly room: Reservation;
  /** Room in memory for its text fields. */
  readonly fieldRoom: Reservation;
  /** Ends the upload with its reason. */
  readonly signal: AbortSignal;
};

/** Voice samples are sent as data URLs in text fields, up to four of them: 10 s may be several megabytes each. */
const MAX_FIELD_BYTES = 16 * 2 ** 20;
/** Fields are held in memory, so all of them together have a limit too: four voice samples, and room for the rest. */
const MAX_FIELDS_BYTES = 68 * 2 ** 20;
const MAX_FIELDS = 200;
/** Parts that are neither: files under other names, which are ignored. */
const OTHER_PARTS = 49;

/** The parser that multer hands to a stream handler, as far as it is used here. */
type Parser = NodeJS.WritableStream & {
  readonly writableNeedDrain: boolean;
  prependListener(event: string, listener: (...args: never[]) => void): unknown;
  destroy(error: Error): unknown;
};

type FieldInfo = { readonly valueTruncated: boolean };

/** What this version of multer takes besides what its published types know. */
type MulterOptions = multer.Options & {
  defCharset: string;
  streamHandler: (request: Request, parser: Parser) => void;
};

/**
 * Reads a multipart body, its file to disk. Rejects as soon as something is wrong, without waiting for the rest:
 * `file_repeated`, `upload_aborted`, what `watchArrival` fails with, `signal.reason`, an error of multer or busboy, or the
 * connection's.
 */
export async function receiveMultipart(options: ReceiveOptions): Promise<Multipart> {
  const { request, response, storage, folder, room, signal, maxFiles = 1 } = options;
  const fileFields = fileFieldsOf(options);
  signal.throwIfAborted();
  // Who has left before anybody listened is never heard of again.
  if (request.destroyed) throw new WhosaidError('upload_aborted');
  let stopWatching = (): void => {};
  await new Promise<void>((resolve, reject) => {
    let files = 0;
    let fail = reject;
    const multerOptions: MulterOptions = {
      storage,
      limits: {
        fieldSize: MAX_FIELD_BYTES,
        fields: MAX_FIELDS,
        parts: MAX_FIELDS + OTHER_PARTS + maxFiles,
        fieldNestingDepth: 4,
        fieldArrayIndexLimit: 100,
      },
      defParamCharset: 'utf8',
      defCharset: 'latin1',
      fileFilter(_request, file, done) {
        // Files under other names are unknown fields, and unknown fields are ignored.
        if (!fileFields.includes(file.fieldname)) return done(null, false);
        files += 1;
        if (files > maxFiles) return fail(tooManyFiles(maxFiles));
        done(null, true);
      },
      streamHandler(_request, parser) {
        fail = (error) => {
          reject(error);
          // Destroying the parser ends the file's stream and with it the write to disk.
          request.unpipe(parser);
          parser.destroy(error as Error);
        };
        const arrival = watchArrival({ ...options, parser, fail: (error) => fail(error) });
        const stop = () => fail(signal.reason);
        signal.addEventListener('abort', stop, { once: true });
        stopWatching = () => {
          arrival.stop();
          signal.removeEventListener('abort', stop);
        };
        watchParser({ parser, fileFields, arrival, fail });
        // multer would read the whole rest of the body first.
        storage.onError(fail);
        request.pipe(parser);
      },
    };
    const parse = multer(multerOptions as multer.Options).any();
    parse(request, response, (error: unknown) => (error ? reject(error) : resolve()));
  }).finally(() => stopWatching());
  const takeRoom = (bytes: number): void => room.filled(room.bytes + bytes);
  const { fields, files } = await collectParts({ request, folder, fileFields, maxFiles });
  const [file] = files;
  return { fields, files, ...(file && { file }), folder, takeRoom };
}

function fileFieldsOf({ fileField, maxFiles = 1 }: ReceiveOptions): readonly string[] {
  return maxFiles > 1 ? [fileField, `${fileField}[]`] : [fileField];
}

function watchParser(options: {
  parser: Parser;
  fileFields: readonly string[];
  arrival: Arrival;
  fail: (error: Error) => void;
}): void {
  const { parser, fileFields, arrival, fail } = options;
  // multer drops files without a name; the recording is one, whatever its name.
  parser.prependListener('file', (name: string, file: Readable, info: { filename?: string }) => {
    arrival.fileStarted(file);
    if (fileFields.includes(name)) info.filename ||= NAMELESS;
  });
  let fieldsBytes = 0;
  parser.prependListener('field', (name: string, value: string | undefined, info: FieldInfo) => {
    // multer says so too, but reads the whole rest of the body before.
    if (info.valueTruncated) fail(new multer.MulterError('LIMIT_FIELD_VALUE', name));
    fieldsBytes += value?.length ?? 0;
    if (fieldsBytes > MAX_FIELDS_BYTES) {
      const reason = 'its text fields are longer than 68 MB together';
      fail(new WhosaidError('multipart_malformed', { reason }));
    }
  });
  parser.prependListener('fieldsLimit', () => fail(new multer.MulterError('LIMIT_FIELD_COUNT')));
  parser.prependListener('partsLimit', () => fail(new multer.MulterError('LIMIT_PART_COUNT')));
  parser.prependListener('error', fail);
}
