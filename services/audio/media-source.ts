import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AVMEDIA_TYPE_AUDIO } from 'node-av/constants';
import { Codec, Dictionary, FormatContext } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { containers, MINIMUM_PROBE_SCORE } from './containers.js';

/** Enough for the signatures below and the header of a WAV file. */
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
 * Throws WhosaidError `audio_not_opened`, `audio_unreadable` or `audio_corrupt`.
 */
export function openMediaSource(path: string): MediaSource {
  const handle = openHandle(path);
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

/** What the system says of the path is no fault of the audio, and its words would show the path. */
function openHandle(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
    throw new WhosaidError('audio_not_opened', { reason }, { cause });
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
  const found = signatures.find(({ offset, text }) =>
    head.subarray(offset, offset + text.length).equals(Buffer.from(text, 'latin1')),
  );
  if (found === undefined) return new WhosaidError('audio_unreadable');
  return new WhosaidError('audio_corrupt', {
    reason: `it begins like ${found.name}, but what must follow is missing or damaged. The file may have been cut off while it was saved or sent.`,
  });
}

/** Words that only files of one type begin with. */
const signatures: readonly {
  readonly offset: number;
  readonly text: string;
  readonly name: string;
}[] = [
  { offset: 4, text: 'ftyp', name: 'an mp4 or m4a file' },
  { offset: 0, text: '\x1a\x45\xdf\xa3', name: 'a webm or mkv file' },
  { offset: 0, text: 'OggS', name: 'an ogg file' },
  { offset: 0, text: 'fLaC', name: 'a flac file' },
  { offset: 8, text: 'WAVE', name: 'a wav file' },
  { offset: 0, text: '#!AMR', name: 'an amr file' },
  { offset: 0, text: '\x30\x26\xb2\x75', name: 'a wma file' },
];
