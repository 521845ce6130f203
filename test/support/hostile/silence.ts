import { ascii, f64be, u16be, u16le, u32be, u32le, u64be } from './bytes.js';
import { many, type Recipes } from './recipes.js';
import { FLAC_BLOCK, flac } from './silent-flac.js';
import { OPUS_SECONDS, silentOpus } from './silent-opus.js';

const SECONDS = 300 * 3600;

/** Hours of silence, in as few bytes as each format takes. */
export const silence: Recipes = {
  '300 hours of wav at 1 Hz': () => wav({ rate: 1, bits: 8, data: Buffer.alloc(SECONDS, 128) }),
  '5 hours of wav at 1 Hz': () => wav({ rate: 1, bits: 8, data: Buffer.alloc(18_000, 128) }),
  '5 hours of wav at 3 Hz': () => wav({ rate: 3, bits: 8, data: Buffer.alloc(54_000, 128) }),
  '300 hours of wav at 8 Hz, 4 bits a sample': () =>
    wav({ rate: 8, bits: 4, codec: 0x11, data: Buffer.alloc((SECONDS * 8) / 2) }),
  '300 hours of flac at 1 Hz': () => flac({ rate: 1, blocks: 17 }),
  '300 hours of flac at 100 Hz': () => flac({ rate: 100, blocks: 1650 }),
  '300 hours of flac at 16,000 Hz': () =>
    flac({ rate: 16_000, blocks: Math.ceil((SECONDS * 16_000) / FLAC_BLOCK) }),
  '300 hours of au at 1 Hz': () =>
    Buffer.concat([
      ascii('.snd'),
      u32be(24),
      u32be(0xffff_ffff),
      u32be(1),
      u32be(1),
      u32be(1),
      Buffer.alloc(SECONDS, 255),
    ]),
  '300 hours of caf at 1 Hz': () => caf(1, Buffer.alloc(SECONDS * 2)),
  '300 hours of Opus in ogg': () => silentOpus(Math.ceil(SECONDS / OPUS_SECONDS)),
  '30 hours of Opus in ogg': () => silentOpus(Math.ceil(108_000 / OPUS_SECONDS)),
  '10 hours of amr without speech': () =>
    Buffer.concat([ascii('#!AMR\n'), Buffer.alloc(36_000 * 50, 0x7c)]),
  '300 hours of voc silence': () => voc(),
};

function wav(options: { rate: number; bits: number; codec?: number; data: Buffer }): Buffer {
  const { rate, bits, codec = 1, data } = options;
  const block = codec === 1 ? bits / 8 : 1024;
  return Buffer.concat([
    ascii('RIFF'),
    u32le(data.length + 36),
    ascii('WAVEfmt '),
    u32le(16),
    u16le(codec),
    u16le(1),
    u32le(rate),
    u32le(Math.max(1, (rate * bits) / 8)),
    u16le(block),
    u16le(bits),
    ascii('data'),
    u32le(data.length),
    data,
  ]);
}

function caf(rate: number, data: Buffer): Buffer {
  const desc = Buffer.concat([
    f64be(rate),
    ascii('lpcm'),
    u32be(0),
    u32be(2),
    u32be(1),
    u32be(1),
    u32be(16),
  ]);
  return Buffer.concat([
    ascii('caff'),
    u16be(1),
    u16be(0),
    ascii('desc'),
    u64be(32n),
    desc,
    ascii('data'),
    u64be(BigInt(data.length + 4)),
    u32be(0),
    data,
  ]);
}

/** Ten thousand blocks of 65,536 silent samples each, and one that says to repeat them for ever. */
function voc(): Buffer {
  const head = Buffer.concat([
    ascii('Creative Voice File\x1a'),
    u16le(26),
    u16le(0x0114),
    u16le(0x111f),
  ]);
  const forever = Buffer.from([6, 2, 0, 0, 255, 255]);
  const sound = Buffer.concat([Buffer.from([1, 102, 0, 0, 131, 0]), Buffer.alloc(100, 128)]);
  const silent = Buffer.from([3, 3, 0, 0, 255, 255, 131]);
  return Buffer.concat([
    head,
    forever,
    sound,
    many(10_000, () => silent),
    Buffer.from([7, 0, 0, 0]),
  ]);
}
