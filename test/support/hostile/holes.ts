import { ascii, f64be, patched, u32be } from './bytes.js';
import { element } from './ebml.js';
import { box, boxAt, withBox } from './mp4.js';
import { oggPage } from './ogg.js';
import { concat, type Good, many, type Recipes } from './recipes.js';
import { OPUS_HEAD, OPUS_PACKET, silentOpus } from './silent-opus.js';

/** A jump of so many hours is made in ten steps. */
const STEPS = 10;

/** Timestamps that jump by hours, and claims of days. */
export function holes(good: Good): Recipes {
  const recipes: Record<string, () => Buffer> = {};
  for (const hours of [0.1, 20, 300]) {
    for (const kilobytes of [0, 100, 8000]) {
      recipes[`webm that jumps ${hours} hours, with ${kilobytes} kB of nothing`] = () =>
        jumpingMatroska(hours, element('ec', Buffer.alloc(kilobytes * 1000)));
    }
    recipes[`ogg that jumps ${hours} hours`] = () => jumpingOgg(hours);
  }
  const m4a = good('m4a');
  for (const ticks of [0, 44_100 * 60, 0x7fff_ffff, 0xffff_ffff]) {
    recipes[`m4a whose packets last ${ticks} ticks`] = () =>
      patched(m4a, boxAt(m4a, 'stts') + 20, u32be(ticks));
  }
  for (const name of ['m4a', 'mp4 in fragments', 'mov']) {
    recipes[`${name} that claims days`] = () => claimingDays(good(name));
  }
  recipes['m4a that begins with days of nothing'] = () => {
    const edit = box('elst', ...[0, 1, 0xffff_ffff, 0xffff_ffff, 0x10000].map(u32be));
    return withBox(m4a, 'edts', box('edts', edit));
  };
  recipes['flv whose clock jumps'] = () => {
    const flv = good('flv');
    return patched(flv, Math.floor(flv.length / 2), Buffer.from([0xff, 0xff, 0xff, 0x7f]));
  };
  return recipes;
}

function claimingDays(bytes: Buffer): Buffer {
  const days = u32be(0xffff_fff0);
  return patched(patched(bytes, boxAt(bytes, 'mvhd') + 24, days), boxAt(bytes, 'mdhd') + 24, days);
}

function jumpingMatroska(hours: number, padding: Buffer): Buffer {
  const totalMs = hours * 3_600_000;
  const block = element('a3', Buffer.from([0x81, 0, 0, 0x80]), OPUS_PACKET);
  const track = element(
    'ae',
    element('d7', Buffer.from([1])),
    element('73c5', Buffer.from([1])),
    element('83', Buffer.from([2])),
    element('86', ascii('A_OPUS')),
    element('63a2', OPUS_HEAD),
    element('e1', element('b5', f64be(48_000)), element('9f', Buffer.from([1]))),
  );
  const cluster = (number: number): Buffer =>
    element('1f43b675', element('e7', u32be(Math.round((number * totalMs) / STEPS))), block, block);
  return concat(
    element('1a45dfa3', element('4282', ascii('webm'))),
    element(
      '18538067',
      element('1549a966', element('4489', f64be(totalMs))),
      element('1654ae6b', track),
      many(STEPS / 2, cluster),
      padding,
      many(STEPS / 2, (number) => cluster(number + STEPS / 2)),
    ),
  );
}

function jumpingOgg(hours: number): Buffer {
  const step = BigInt(Math.round((hours * 3600 * 48_000) / STEPS));
  const page = (number: number): Buffer =>
    oggPage({
      packets: [OPUS_PACKET, OPUS_PACKET],
      granule: BigInt(number + 1) * step,
      number: number + 2,
    });
  return concat(silentOpus(0), many(STEPS, page));
}
