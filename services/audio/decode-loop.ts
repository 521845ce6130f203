import { AV_NOPTS_VALUE, AVERROR_EAGAIN, AVERROR_EOF } from 'node-av/constants';
import { Frame } from 'node-av/lib';
import type { AudioStream } from './audio-stream.js';
import { denseContainers } from './containers.js';
import { type DecodeTally, ORDINARY_REFUSALS } from './damage.js';
import type { DecodeStep } from './decode-step.js';
import type { MediaSource } from './media-source.js';
import { PacketReader } from './packet-reader.js';
import { PcmOutput } from './pcm-output.js';
import { recordingTimeline } from './recording-timeline.js';
import type { Placed, Timeline, Timing } from './timeline.js';
import type { Channel } from './types.js';

export type Decoding = {
  readonly source: MediaSource;
  readonly stream: AudioStream;
  readonly channel: Channel | undefined;
  readonly maxAudioSeconds: number;
};

/** Packets between two signs of life; also how often the caller gets control while nothing is decoded. */
const PACKETS_PER_SIGN = 256;
/** When so many packets have not given a single sample, millions more will not either. */
const HOPELESS_PACKETS = 100_000;
/** What a container spends on each packet at most; silence can be coded in packets of one byte. */
const PACKET_HEADER_BYTES = 16;
/** Where frames are damaged, the gap between two good ones can come as one packet of any size. */
const LARGEST_PACKET_BYTES = 32_768;

/** The loop over packets and frames, and the native objects it needs. */
export class DecodeLoop {
  readonly output: PcmOutput;
  readonly #source: MediaSource;
  readonly #stream: AudioStream;
  readonly #reader: PacketReader;
  readonly #timeline: Timeline<Frame> | undefined;
  readonly #frames = new Set<Frame>();
  #frame: Frame;
  #packets = 0;
  #refusedPackets = 0;
  #firstByte = -1;
  #audioBytes = 0;

  constructor(decoding: Decoding) {
    this.#source = decoding.source;
    this.#stream = decoding.stream;
    this.output = new PcmOutput(decoding.channel);
    this.#reader = new PacketReader(decoding.source.format);
    this.#timeline = recordingTimeline(decoding);
    this.#frame = this.#newFrame();
  }

  *steps(): Generator<DecodeStep, void> {
    const { packet } = this.#reader;
    for (let read = 1; this.#reader.read(); read += 1) {
      if (packet.streamIndex === this.#stream.index) yield* this.#decodePacket();
      packet.unref();
      if (this.#packets >= HOPELESS_PACKETS && this.output.seconds === 0) break;
      if (read % PACKETS_PER_SIGN === 0) {
        yield { type: 'progress', readBytes: this.#reader.readBytes };
      }
    }
    this.#stream.decoder.sendPacketSync(null);
    yield* this.#receiveFrames();
    if (this.#timeline) yield* this.#convert(this.#timeline.rest());
    yield* pcm(this.output.flush());
  }

  get tally(): Pick<DecodeTally, 'packets' | 'refusedPackets' | 'hasDamage' | 'foundShare'> {
    return {
      packets: this.#packets,
      refusedPackets: this.#refusedPackets,
      hasDamage: this.#reader.metDamage,
      foundShare: this.#foundShare(),
    };
  }

  dispose(): void {
    this.output.dispose();
    for (const frame of this.#frames) frame.free();
    this.#frames.clear();
    this.#reader.dispose();
  }

  /** Undefined for containers and files in which other data lies between the packets. */
  #foundShare(): number | undefined {
    const { container, fileBytes } = this.#source;
    if (!this.#stream.alone || !denseContainers.has(container) || this.#firstByte < 0)
      return undefined;
    return this.#audioBytes / Math.max(1, fileBytes - this.#firstByte);
  }

  *#decodePacket(): Generator<DecodeStep, void> {
    const { packet } = this.#reader;
    this.#packets += 1;
    if (this.#firstByte < 0) this.#firstByte = Number(packet.pos);
    const sent = this.#stream.decoder.sendPacketSync(packet);
    const refused = sent < 0 && sent !== AVERROR_EAGAIN && sent !== AVERROR_EOF;
    const { frames, fault } = yield* this.#receiveFrames();
    if (refused || fault) this.#refuse();
    else if (frames > 0) {
      this.#audioBytes += Math.min(packet.size, LARGEST_PACKET_BYTES) + PACKET_HEADER_BYTES;
    }
  }

  /** Noise can leave an AAC decoder with a state in which it makes silence of everything that follows. */
  #refuse(): void {
    this.#refusedPackets += 1;
    if (this.#stream.codec === 'aac' && this.#refusedPackets > ORDINARY_REFUSALS) {
      this.#stream.reopen();
    }
  }

  /** Returns how many frames came, and whether the decoder reported a fault or gave one that cannot be converted. */
  *#receiveFrames(): Generator<DecodeStep, { frames: number; fault: boolean }> {
    let fault = false;
    for (let frames = 0; ; frames += 1) {
      const result = this.#stream.decoder.receiveFrameSync(this.#frame);
      if (result < 0) {
        return { frames, fault: fault || (result !== AVERROR_EAGAIN && result !== AVERROR_EOF) };
      }
      const converted = yield* this.#convert(this.#placed(this.#frame));
      fault ||= !converted;
      if (this.#timeline?.holds(this.#frame)) this.#frame = this.#newFrame();
      else this.#frame.unref();
    }
  }

  #placed(frame: Frame): Iterable<Placed<Frame>> {
    return (
      this.#timeline?.place(frame, this.#timingOf(frame)) ?? [{ item: frame, silenceSeconds: 0 }]
    );
  }

  #timingOf(frame: Frame): Timing {
    const { pts, sampleRate } = frame;
    return {
      startSeconds: pts === AV_NOPTS_VALUE ? undefined : Number(pts) * this.#stream.timeBaseSeconds,
      seconds: frame.nbSamples / Math.max(1, sampleRate),
      bytePosition: Number(this.#reader.packet.pos),
    };
  }

  /** Returns whether all frames could be converted. */
  *#convert(placed: Iterable<Placed<Frame>>): Generator<DecodeStep, boolean> {
    let converted = true;
    for (const { item: frame, silenceSeconds } of placed) {
      if (silenceSeconds > 0) yield* pcm(this.output.silence(silenceSeconds));
      converted = (yield* pcm(this.output.push(frame))) && converted;
      if (frame === this.#frame) continue;
      this.#frames.delete(frame);
      frame.free();
    }
    return converted;
  }

  #newFrame(): Frame {
    const frame = new Frame();
    frame.alloc();
    this.#frames.add(frame);
    return frame;
  }
}

/** Yields each block as a step; returns what the generator returns. */
function* pcm<T>(blocks: Generator<Buffer, T>): Generator<DecodeStep, T> {
  for (;;) {
    const next = blocks.next();
    if (next.done) return next.value;
    yield { type: 'pcm', bytes: next.value };
  }
}
