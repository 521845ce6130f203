import { Demuxer, Muxer } from 'node-av/api';
import type { Packet } from 'node-av/lib';

/** Copies a media file's audio packets into another file, without those for which `keep` says no. */
export async function remux(options: {
  readonly from: string;
  readonly to: string;
  readonly format: string;
  readonly formatOptions?: Readonly<Record<string, string>>;
  /** Seconds at which the packet begins, and its number. The packet's timestamps may be changed. */
  readonly keep: (packet: Packet, seconds: number, index: number) => boolean;
}): Promise<void> {
  const demuxer = Demuxer.openSync(options.from);
  const stream = demuxer.audio();
  if (stream === undefined) throw new Error('no audio to copy');
  const secondsPerUnit = stream.timeBase.num / stream.timeBase.den;
  const { format, formatOptions = {} } = options;
  const muxer = Muxer.openSync(options.to, { format, options: formatOptions });
  const index = muxer.addStream(stream);
  let number = 0;
  for (const packet of demuxer.packetsSync(stream.index)) {
    if (packet === null) break;
    if (options.keep(packet, Number(packet.pts) * secondsPerUnit, number)) {
      muxer.writePacketSync(packet, index);
    }
    packet.free();
    number += 1;
  }
  muxer.closeSync();
  demuxer.closeSync();
}
