/**
 * The process that parses uploads: media files are hostile input, so whatever happens here stays here. It loads
 * FFmpeg, waits for one file, sends its PCM and ends. See decoder-protocol.ts.
 */
import { writeFileSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { tooMuchMemory } from './damage.js';
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

/** The watching thread needs next to no memory, and must not reserve what it could. */
const WATCH_LIMITS = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 };

Log.setLevel(AV_LOG_QUIET);
dieFirst();
// Without a channel nothing may keep this process: the gateway can be gone before this line.
new Worker(new URL('./decoder-watch.js', import.meta.url), {
  resourceLimits: WATCH_LIMITS,
}).unref();
// Done while nobody waits; the first file finds it ready.
audioDecoderNames();

// Ctrl-C and service managers signal the whole group; when to end is for the gateway to say, which may still drain.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

// The gateway ended or let go of this child: nobody will read what it decodes.
process.once('disconnect', () => process.exit(0));
process.once('message', (message: ToDecoder) => void decode(message));

/** Where memory runs out, Linux is to end a decoder rather than the gateway or an engine. */
function dieFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Another system, or one that does not let us: its own choice then.
  }
}

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
