import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Frame, Packet } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type AudioStream, openAudioStream } from './audio-stream.js';
import { denseContainers } from './containers.js';
import { reasonToRefuse } from './damage.js';
import { type MediaSource, openMediaSource } from './media-source.js';
import { MINIMUM_SECONDS, SAMPLE_RATE } from './pcm.js';
import { PcmBlocks } from './pcm-blocks.js';
import { Resampler } from './resampler.js';
import type { Channel } from './types.js';

export type DecodeStep =
  | {
      readonly type: 'opened';
      readonly claimedSeconds: number | undefined;
      readonly container: string;
      readonly codec: string;
    }
  /** About a second of PCM; the bytes are valid until the next step. */
  | { readonly type: 'pcm'; readonly bytes: Buffer }
  /** A sign of life: bytes of the file read so far. */
  | { readonly type: 'progress'; readonly readBytes: number }
  | { readonly type: 'done'; readonly seconds: number };

/** Packets between two signs of life; also how often the caller gets control while nothing is decoded. */
const PACKETS_PER_SIGN = 256;
/** What a container spends on each packet at most; silence can be coded in packets of one byte. */
const PACKET_HEADER_BYTES = 16;
/** Where frames are damaged, the gap between two good ones can come as one packet of any size. */
const LARGEST_PACKET_BYTES = 32_768;
/** A demuxer may ask to be called again; one that asks for ever is stuck. */
const MAXIMUM_RETRIES = 1000;

/**
 * Decodes one file step by step with FFmpeg's synchronous API. Native memory is freed when the generator ends, early
 * or not. With `channel`, the PCM is that side of a stereo recording; otherwise all channels are mixed.
 * Throws WhosaidError `audio_not_opened`, `audio_unreadable`, `audio_no_stream`, `audio_corrupt`, `audio_too_short`,
 * and `channels_not_stereo` for a channel of what does not have two.
 */
export function* decodeFile(path: string, channel?: Channel): Generator<DecodeStep, void> {
  const source = openMediaSource(path);
  try {
    const stream = openAudioStream(source);
    try {
      yield* decodeStream({ source, stream, channel });
    } finally {
      stream.close();
    }
  } finally {
    source.close();
  }
}

type Decoding = {
  readonly source: MediaSource;
  readonly stream: AudioStream;
  readonly channel: Channel | undefined;
};

function* decodeStream({ source, stream, channel }: Decoding): Generator<DecodeStep, void> {
  const { container } = source;
  const { hintSeconds, expectedSeconds } = stream.claim;
  yield { type: 'opened', claimedSeconds: hintSeconds, container, codec: stream.codec };
  const run = new DecodeRun({ source, stream, channel });
  try {
    yield* run.steps();
    const seconds = run.blocks.samples / SAMPLE_RATE;
    const reason = reasonToRefuse({
      ...run.tally,
      seconds,
      expectedSeconds,
      foundShare: run.foundShare,
    });
    if (reason !== undefined) throw new WhosaidError('audio_corrupt', { reason });
    if (seconds < MINIMUM_SECONDS) {
      throw new WhosaidError('audio_too_short', {
        seconds: seconds.toFixed(3),
        minimum: MINIMUM_SECONDS,
      });
    }
    const rest = run.blocks.rest();
    if (rest.length > 0) yield { type: 'pcm', bytes: rest };
    yield { type: 'done', seconds };
  } finally {
    run.dispose();
  }
}

/** The loop over packets and frames, and the native objects it needs. */
class DecodeRun {
  readonly blocks = new PcmBlocks(SAMPLE_RATE);
  readonly tally = { packets: 0, refusedPackets: 0, endedAtDamage: false };
  readonly #source: MediaSource;
  readonly #stream: AudioStream;
  #firstByte = -1;
  #audioBytes = 0;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #resampler: Resampler;

  constructor({ source, stream, channel }: Decoding) {
    this.#source = source;
    this.#stream = stream;
    this.#resampler = new Resampler(channel);
    this.#packet.alloc();
    this.#frame.alloc();
  }

  *steps(): Generator<DecodeStep, void> {
    let read = 0;
    for (;;) {
      if (!this.#readPacket()) break;
      if (this.#packet.streamIndex === this.#stream.index) yield* this.#decodePacket();
      this.#packet.unref();
      read += 1;
      if (read % PACKETS_PER_SIGN === 0) {
        yield { type: 'progress', readBytes: Number(this.#source.format.pbBytes) };
      }
    }
    this.#stream.decoder.sendPacketSync(null);
    yield* this.#receiveFrames();
    yield* this.#pcm(this.#resampler.flush());
  }

  /** See DecodeTally; undefined for containers and files in which other data lies between the packets. */
  get foundShare(): number | undefined {
    const { container, fileBytes } = this.#source;
    if (!this.#stream.alone || !denseContainers.has(container) || this.#firstByte < 0)
      return undefined;
    return this.#audioBytes / Math.max(1, fileBytes - this.#firstByte);
  }

  dispose(): void {
    this.#resampler.dispose();
    this.#frame.free();
    this.#packet.free();
  }

  #readPacket(): boolean {
    for (let retries = 0; retries < MAXIMUM_RETRIES; retries += 1) {
      const result = this.#source.format.readFrameSync(this.#packet);
      if (result >= 0) return true;
      if (result === AVERROR_EAGAIN) continue;
      this.tally.endedAtDamage = result !== AVERROR_EOF;
      return false;
    }
    this.tally.endedAtDamage = true;
    return false;
  }

  *#decodePacket(): Generator<DecodeStep, void> {
    const { decoder } = this.#stream;
    this.tally.packets += 1;
    if (this.#firstByte < 0) this.#firstByte = Number(this.#packet.pos);
    const sent = decoder.sendPacketSync(this.#packet);
    const refused = sent < 0 && sent !== AVERROR_EAGAIN && sent !== AVERROR_EOF;
    const before = this.blocks.samples;
    const fault = yield* this.#receiveFrames();
    if (refused || fault) this.tally.refusedPackets += 1;
    else if (this.blocks.samples > before) {
      this.#audioBytes += Math.min(this.#packet.size, LARGEST_PACKET_BYTES) + PACKET_HEADER_BYTES;
    }
  }

  /** Returns whether the decoder reported a fault, or gave a frame that cannot be converted. */
  *#receiveFrames(): Generator<DecodeStep, boolean> {
    let fault = false;
    for (;;) {
      const result = this.#stream.decoder.receiveFrameSync(this.#frame);
      if (result < 0) return fault || (result !== AVERROR_EAGAIN && result !== AVERROR_EOF);
      const converted = yield* this.#convert();
      fault ||= !converted;
      this.#frame.unref();
    }
  }

  *#convert(): Generator<DecodeStep, boolean> {
    try {
      yield* this.#pcm(this.#resampler.push(this.#frame));
      return true;
    } catch (error) {
      // What the recording is not made for is no damage to it.
      if (error instanceof WhosaidError) throw error;
      return false;
    }
  }

  *#pcm(pieces: Iterable<Buffer>): Generator<DecodeStep, void> {
    for (const piece of pieces) {
      for (const bytes of this.blocks.add(piece)) yield { type: 'pcm', bytes };
    }
  }
}
