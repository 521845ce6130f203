import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AVMEDIA_TYPE_AUDIO } from 'node-av/constants';
import { Codec, Dictionary, FormatContext, InputFormat } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { containers, MINIMUM_PROBE_SCORE } from './containers.js';

/** Enough for every signature in the list of containers, and for most tags before it. */
const SIGNATURE_BYTES = 65_536;

/** An opened upload. `close()` releases the demuxer and every file handle; idempotent. */
export type MediaSource = {
  readonly format: FormatContext;
  /** FFmpeg's short name, such as `mov` or `matroska`. */
  readonly container: string;
  /** The first bytes of the file. */
  readonly head: Buffer;
  readonly fileBytes: number;
  close(): void;
};

/**
 * Opens a file by its bytes alone: on systems where FFmpeg can read a handle it never sees the file's name, and
 * whatever the file asks for, no other file and no network protocol can be opened.
 * Throws WhosaidError `audio_unreadable` or `audio_corrupt`.
 */
export function openMediaSource(path: string): MediaSource {
  const handle = openSync(path, 'r');
  const format = new FormatContext();
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    format.closeInputSync();
    closeSync(handle);
  };
  try {
    const head = readHead(handle);
    const opened = openInput(format, path, handle);
    if (opened < 0) throw whyUnreadable(head);
    const container = format.iformat?.name?.split(',')[0] ?? 'unknown';
    if (format.probeScore < MINIMUM_PROBE_SCORE) throw new WhosaidError('audio_unreadable');
    format.findStreamInfoSync(null);
    return { format, container, head, fileBytes: fstatSync(handle).size, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Reads at a position of its own: FFmpeg still begins at the start. */
function readHead(handle: number): Buffer {
  const head = Buffer.alloc(SIGNATURE_BYTES);
  return head.subarray(0, readSync(handle, head, 0, head.length, 0));
}

function openInput(format: FormatContext, path: string, handle: number): number {
  // A handle of this process means nothing to FFmpeg's C runtime on Windows: there it opens the path itself.
  const byPath = process.platform === 'win32';
  const options = Dictionary.fromObject({
    protocol_whitelist: byPath ? 'file' : 'fd',
    format_whitelist: containers.join(','),
    codec_whitelist: audioDecoderNames().join(','),
    ...(byPath ? {} : { fd: handle }),
  });
  try {
    return format.openInputSync(byPath ? `file:${path}` : 'fd:', null, options);
  } finally {
    options.free();
  }
}

let decoderNames: readonly string[] | undefined;

/** Video is never decoded, not even to look at it: half of what could go wrong in a hostile file is not reached. */
export function audioDecoderNames(): readonly string[] {
  decoderNames ??= Codec.getCodecList()
    .filter((codec) => codec.isDecoder() && codec.type === AVMEDIA_TYPE_AUDIO)
    .map((codec) => codec.name ?? '');
  return decoderNames;
}

/** Tells "not media at all" from "media whose header or index is broken", which deserve different advice. */
function whyUnreadable(head: Buffer): WhosaidError {
  const guess = InputFormat.probe(head)?.name?.split(',')[0];
  if (guess === undefined || !hasSignature(guess, head))
    return new WhosaidError('audio_unreadable');
  return new WhosaidError('audio_corrupt', {
    reason: `it begins like ${describe(guess)}, but its header or index is missing or damaged. The file may have been cut off while it was saved or sent.`,
  });
}

/** Containers that start with a magic word: a wrong guess is out of the question for these. */
const signatures: Readonly<Record<string, readonly [offset: number, text: string]>> = {
  mov: [4, 'ftyp'],
  matroska: [0, '\x1a\x45\xdf\xa3'],
  ogg: [0, 'OggS'],
  flac: [0, 'fLaC'],
  wav: [0, 'RIFF'],
  amr: [0, '#!AMR'],
  asf: [0, '\x30\x26\xb2\x75'],
};

function hasSignature(container: string, head: Buffer): boolean {
  const signature = signatures[container];
  if (signature === undefined) return false;
  const [offset, text] = signature;
  return head.subarray(offset, offset + text.length).equals(Buffer.from(text, 'latin1'));
}

function describe(container: string): string {
  const names: Record<string, string> = {
    mov: 'an mp4 or m4a file',
    matroska: 'a webm or mkv file',
  };
  return names[container] ?? `a file of the type ${container}`;
}
