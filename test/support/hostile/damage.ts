import { patched } from './bytes.js';
import type { GoodFile, HostileFile } from './hostile-file.js';
import type { Random } from './random.js';

const CUTS = 16;
/** Bits that are turned over, of so many. */
const FLIP_RATES = [20_000, 1000, 50];
const HEADER_BYTES = 512;
const RUN_BYTES = 64;

/** What disks, networks and fuzzers do to files, without knowing what they are. */
export function* damagedFiles(good: GoodFile, random: Random): Generator<HostileFile> {
  yield* cuts(good);
  yield* flips(good, random);
  yield* runs(good, random);
  yield* shuffles(good, random);
}

/** The first part, up to every sixteenth, and the last part. */
function* cuts({ name, bytes }: GoodFile): Generator<HostileFile> {
  for (let part = 1; part < CUTS; part += 1) {
    const end = Math.floor((bytes.length * part) / CUTS);
    yield {
      family: 'cuts',
      name: `${name}, ${part} of ${CUTS} parts`,
      bytes: bytes.subarray(0, end),
    };
  }
  const start = Math.floor(bytes.length / CUTS);
  yield { family: 'cuts', name: `${name} without its head`, bytes: bytes.subarray(start) };
}

function* flips({ name, bytes }: GoodFile, random: Random): Generator<HostileFile> {
  const { length } = bytes;
  const places = {
    header: [0, Math.min(HEADER_BYTES, length)],
    middle: [Math.floor(length * 0.4), Math.floor(length * 0.6)],
    end: [Math.floor(length * 0.9), length],
    all: [0, length],
  } as const;
  for (const [place, [start, end]] of Object.entries(places)) {
    for (const rate of FLIP_RATES) {
      const copy = Buffer.from(bytes);
      const count = Math.max(1, Math.round(((end - start) * 8) / rate));
      for (let flip = 0; flip < count; flip += 1) {
        const at = start + random.integer(end - start);
        copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(8));
      }
      yield { family: 'flips', name: `${name}, 1 of ${rate} bits, ${place}`, bytes: copy };
    }
  }
}

/** Stretches of zeros, ones and noise, in the header and in the middle. */
function* runs({ name, bytes }: GoodFile, random: Random): Generator<HostileFile> {
  const quarter = Math.floor(bytes.length / 4);
  const places = { header: [16, RUN_BYTES], middle: [quarter, quarter] } as const;
  for (const [place, [at, count]] of Object.entries(places)) {
    const long = Math.max(0, Math.min(count, bytes.length - at));
    const fillings = {
      zeros: Buffer.alloc(long),
      ones: Buffer.alloc(long, 255),
      noise: random.bytes(long),
    };
    for (const [filling, run] of Object.entries(fillings)) {
      yield {
        family: 'runs',
        name: `${name}, ${filling}, ${place}`,
        bytes: patched(bytes, at, run),
      };
    }
  }
}

/** Blocks in another order, and one that comes again and again. */
function* shuffles({ name, bytes }: GoodFile, random: Random): Generator<HostileFile> {
  const block = Math.max(1, Math.floor(bytes.length / 16));
  const blocks = Array.from({ length: 16 }, (_, i) => bytes.subarray(i * block, (i + 1) * block));
  const [head = Buffer.alloc(0), ...others] = blocks;
  for (let i = others.length - 1; i > 0; i -= 1) {
    const j = random.integer(i + 1);
    [others[i], others[j]] = [others[j] as Buffer, others[i] as Buffer];
  }
  yield {
    family: 'shuffles',
    name: `${name} in disorder`,
    bytes: Buffer.concat([head, ...others]),
  };
  const again = Array.from({ length: 20 }, () => blocks[8] as Buffer);
  const stammering = Buffer.concat([...blocks.slice(0, 9), ...again, ...blocks.slice(9)]);
  yield { family: 'shuffles', name: `${name} stammering`, bytes: stammering };
}
