import { AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Frame, Packet } from 'node-av/lib';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type AudioStream, openAudioStream } from './audio-stream.js';
import { isPlaceholderClaim, reasonToRefuse } from './damage.js';
import { type MediaSource, openMediaSource } from './media-source.js';
import { MINIMUM_SECONDS, SAMPLE_RATE } from './pcm.js';
import { PcmBlocks } from './pcm-blocks.js';
import { Resampler } from './resampler.js';

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
/** A demuxer may ask to be called again; one that asks for ever is stuck. */
const MAXIMUM_RETRIES = 1000;

/**
 * Decodes one file step by step with FFmpeg's synchronous API. Native memory is freed when the generator ends, early
 * or not. Throws WhosaidError `audio_unreadable`, `audio_no_stream`, `audio_corrupt`, `audio_too_short`.
 */
export function* decodeFile(path: string): Generator<DecodeStep, void> {
  const source = openMediaSource(path);
  try {
    const stream = openAudioStream(source);
    try {
      yield* decodeStream(source, stream);
    } finally {
      stream.close();
    }
  } finally {
    source.close();
  }
}

function* decodeStream(source: MediaSource, stream: AudioStream): Generator<DecodeStep, void> {
  const { container } = source;
  const claimedSeconds = believable(source, stream);
  yield { type: 'opened', claimedSeconds, container, codec: stream.codec };
  const run = new DecodeRun(source, stream);
  try {
    yield* run.steps();
    const seconds = run.blocks.samples / SAMPLE_RATE;
    const claim = stream.claimIsOfAudio ? claimedSeconds : undefined;
    const reason = reasonToRefuse({ ...run.tally, seconds, claimedSeconds: claim });
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

function believable(source: MediaSource, stream: AudioStream): number | undefined {
  const { claimedSeconds, decoder } = stream;
  if (claimedSeconds === undefined) return undefined;
  const bytesPerSecond = (decoder.sampleRate * decoder.channels * decoder.bitsPerCodedSample) / 8;
  const placeholder = isPlaceholderClaim({
    container: source.container,
    claimedSeconds,
    bytesPerSecond,
  });
  return placeholder ? undefined : claimedSeconds;
}

/** The loop over packets and frames, and the native objects it needs. */
class DecodeRun {
  readonly blocks = new PcmBlocks(SAMPLE_RATE);
  readonly tally = { packets: 0, refusedPackets: 0, endedAtDamage: false };
  readonly #source: MediaSource;
  readonly #stream: AudioStream;
  readonly #packet = new Packet();
  readonly #frame = new Frame();
  readonly #resampler = new Resampler();

  constructor(source: MediaSource, stream: AudioStream) {
    this.#source = source;
    this.#stream = stream;
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
    const sent = decoder.sendPacketSync(this.#packet);
    const refused = sent < 0 && sent !== AVERROR_EAGAIN && sent !== AVERROR_EOF;
    const fault = yield* this.#receiveFrames();
    if (refused || fault) this.tally.refusedPackets += 1;
  }

  /** Returns whether the decoder reported a fault. */
  *#receiveFrames(): Generator<DecodeStep, boolean> {
    for (;;) {
      const result = this.#stream.decoder.receiveFrameSync(this.#frame);
      if (result < 0) return result !== AVERROR_EAGAIN && result !== AVERROR_EOF;
      yield* this.#pcm(this.#resampler.push(this.#frame));
      this.#frame.unref();
    }
  }

  *#pcm(pieces: Iterable<Buffer>): Generator<DecodeStep, void> {
    for (const piece of pieces) {
      for (const bytes of this.blocks.add(piece)) yield { type: 'pcm', bytes };
    }
  }
}
