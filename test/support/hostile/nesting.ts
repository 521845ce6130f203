import { ascii, u32be, u32le } from './bytes.js';
import { element } from './ebml.js';
import { box } from './mp4.js';
import { concat, type Recipes } from './recipes.js';

/** A thing, what stands in front of its content, and where its size is to be written. */
type Shell = {
  readonly head: Buffer;
  readonly sizeAt: number;
  readonly write: (size: number) => Buffer;
};

const DEPTHS = [9, 100, 20_000];

/** Things inside things inside things. */
export function nesting(): Recipes {
  const recipes: Record<string, () => Buffer> = {};
  const ftyp = box('ftyp', ascii('M4A '), u32be(0));
  const webm = element('1a45dfa3', element('4282', ascii('webm')));
  for (const depth of DEPTHS) {
    recipes[`${depth} indexes`] = () => concat(ftyp, nest(depth, boxShell('moov')));
    recipes[`${depth} boxes of tags`] = () => concat(ftyp, nest(depth, boxShell('udta')));
    recipes[`${depth} Matroska tags`] = () => {
      const tags = element('1254c367', element('7373', nest(depth, elementShell('67c8'))));
      return concat(webm, element('18538067', tags));
    };
    recipes[`${depth} Matroska chapters`] = () => {
      const chapters = element('1043a770', element('45b9', nest(depth, elementShell('b6'))));
      return concat(webm, element('18538067', chapters));
    };
    recipes[`${depth} lists`] = () =>
      concat(ascii('RIFF\xff\xff\xff\x7fAVI '), nest(depth, listShell));
  }
  return recipes;
}

function boxShell(type: string): Shell {
  return { head: box(type), sizeAt: 0, write: (size) => u32be(size + 8) };
}

function elementShell(id: string): Shell {
  const write = (size: number): Buffer =>
    element(id, Buffer.alloc(0)).subarray(-8).fill(u32be(size), 4);
  return { head: element(id), sizeAt: id.length / 2, write };
}

const listShell: Shell = {
  head: ascii('LIST\0\0\0\0hdrl'),
  sizeAt: 4,
  write: (size) => u32le(size + 4),
};

/** Heads only, each with the size of all that follow it. */
function nest(depth: number, { head, sizeAt, write }: Shell): Buffer {
  const all = Buffer.alloc(depth * head.length);
  for (let level = 0; level < depth; level += 1) {
    head.copy(all, level * head.length);
    write((depth - level - 1) * head.length).copy(all, level * head.length + sizeAt);
  }
  return all;
}
