import { ascii, u16le, u32le } from './bytes.js';
import { oggPage } from './ogg.js';

/** How long a packet lasts. */
export const OPUS_SECONDS = 0.12;
const OPUS_PACKETS_PER_PAGE = 255;
/** Two frames of 60 ms without a byte of sound in either: "nothing is being said". */
export const OPUS_PACKET = Buffer.from([(3 << 3) | 1]);

/** One channel (RFC 7845, 5.1). */
export const OPUS_HEAD = Buffer.concat([
  ascii('OpusHead'),
  Buffer.from([1, 1]),
  u16le(0),
  u32le(48_000),
  u16le(0),
  Buffer.from([0]),
]);

/** An ogg file of so many packets. */
export function silentOpus(packets: number): Buffer {
  const tags = Buffer.concat([ascii('OpusTags'), u32le(0), u32le(0)]);
  const pages = [
    oggPage({ packets: [OPUS_HEAD], granule: 0n, number: 0, flags: 2 }),
    oggPage({ packets: [tags], granule: 0n, number: 1 }),
  ];
  for (let sent = 0; sent < packets; sent += OPUS_PACKETS_PER_PAGE) {
    const count = Math.min(OPUS_PACKETS_PER_PAGE, packets - sent);
    const granule = BigInt(Math.round((sent + count) * OPUS_SECONDS * 48_000));
    const page = Array.from({ length: count }, () => OPUS_PACKET);
    pages.push(oggPage({ packets: page, granule, number: pages.length }));
  }
  return Buffer.concat(pages);
}
