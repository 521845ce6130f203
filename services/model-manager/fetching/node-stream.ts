import { PassThrough, type Readable } from 'node:stream';

/** What npm's libraries hand out: like a Node stream, but an error that comes while nobody listens is thrown. */
export type ForeignStream = {
  on(event: 'error', listener: (error: Error) => void): unknown;
  pipe(destination: NodeJS.WritableStream): unknown;
};

/** The same bytes as a Node stream, which remembers an error until its reader comes back for more. */
export function toNodeStream(stream: ForeignStream): Readable {
  const readable = new PassThrough();
  stream.on('error', (error) => readable.destroy(error));
  stream.pipe(readable);
  return readable;
}
