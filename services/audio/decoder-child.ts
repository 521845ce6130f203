/**
 * The process that parses uploads: media files are hostile input, so whatever happens here stays here. It loads
 * FFmpeg, waits for one file, sends its PCM and ends. See decoder-protocol.ts.
 */
import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { decodeFile } from './decode-file.js';
import {
  type DecoderMessage,
  FRAMES_FD,
  messageFrame,
  pcmHeader,
  type ToDecoder,
} from './decoder-protocol.js';
import { audioDecoderNames } from './media-source.js';

/** How long to wait when a pipe that does not block is full. */
const FULL_PIPE_PAUSE_MS = 5;

Log.setLevel(AV_LOG_QUIET);
// Done while nobody waits; the first file finds it ready.
audioDecoderNames();

// Ctrl-C and service managers signal the whole group; when to end is for the gateway to say, which may still drain.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// The gateway ended or let go of this child: nobody will read what it decodes.
process.once('disconnect', () => process.exit(0));
process.once('message', (message: ToDecoder) => void decode(message));

async function decode({ path, maxMemoryBytes, ...options }: ToDecoder): Promise<void> {
  try {
    for (const step of decodeFile(path, options)) {
      if (step.type === 'pcm') sendPcm(step.bytes);
      else send(step);
      if (process.memoryUsage.rss() > maxMemoryBytes) throw tooMuchMemory(maxMemoryBytes);
      // The decoding loop never waits by itself: let the end of the channel be noticed.
      await nextTurn();
    }
  } catch (error) {
    send({
      type: 'failed',
      error: WhosaidError.from(error, 'audio_corrupt', { reason: reasonOf(error) }).toPlain(),
    });
  }
  process.disconnect();
}

function tooMuchMemory(bytes: number): WhosaidError {
  const reason = `decoding it takes more than ${Math.round(bytes / 2 ** 20)} MB of memory.`;
  return new WhosaidError('audio_corrupt', { reason });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.message}.` : 'it cannot be decoded.';
}

function sendPcm(bytes: Buffer): void {
  writeFully(pcmHeader(bytes.length));
  writeFully(bytes);
}

function send(message: DecoderMessage): void {
  writeFully(messageFrame(message));
}

/** Waits while the pipe is full: this is the back-pressure. The process ends if nobody reads any more. */
function writeFully(bytes: Buffer): void {
  let offset = 0;
  while (offset < bytes.length) {
    try {
      offset += writeSync(FRAMES_FD, bytes, offset);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') process.exit(0);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE_MS);
    }
  }
}
