import { ascii, u16be, u32be, u32le } from './bytes.js';
import type { Canary } from './canary.js';
import { element, matroskaWith } from './ebml.js';
import { id3Frame, id3Tag } from './id3.js';
import { box, withBox } from './mp4.js';
import { m3u8, scheme } from './playlists.js';
import { concat, type Good, type Recipes } from './recipes.js';

/** Recordings in which another place is named that a player might go to. */
export function references(good: Good, { path, port }: Canary): Recipes {
  const targets = [path, `file://${path}`, `http://127.0.0.1:${port}/canary.wav`];
  return Object.assign({}, ...targets.map((target) => referencesTo(good, target)));
}

function referencesTo(good: Good, target: string): Recipes {
  const to = target.startsWith('/') ? 'a path' : scheme(target);
  const recipes: Record<string, () => Buffer> = {
    [`a film that is at ${to}`]: () =>
      concat(box('ftyp', ascii('qt  '), u32be(0)), referenceMovie(target)),
    [`mkv that goes on at ${to}`]: () => {
      const names = ['3e83bb', '3c83ab'].map((id) => element(id, ascii(target)));
      return matroskaWith(good('mkv flac'), element('1549a966', ...names));
    },
    [`mkv that holds a playlist of ${to}`]: () =>
      matroskaWith(good('mkv flac'), element('1941a469', attachedPlaylist(target))),
    [`flac with a picture at ${to}`]: () => flacWithPicture(good('flac'), target),
    [`wav with a list that names ${to}`]: () =>
      concat(
        good('wav 16-bit'),
        chunk('LIST', concat(ascii('INFO'), chunk('ISRF', ascii(target)))),
      ),
    [`wav with chunks that name ${to}`]: () =>
      concat(good('wav 16-bit'), chunk('file', ascii(target)), chunk('cue ', ascii(target))),
  };
  for (const name of ['mov', 'm4a']) {
    const elsewhere = (entry: Buffer): Buffer =>
      withBox(good(name), 'dref', box('dref', u32be(0), u32be(1), entry));
    recipes[`${name} whose sound is at ${to}`] = () =>
      elsewhere(box('url ', u32be(0), ascii(`${target}\0`)));
    recipes[`${name} whose sound is an alias of ${to}`] = () =>
      elsewhere(box('alis', u32be(0), aliasOf(target)));
    recipes[`${name} that stands for the film at ${to}`] = () =>
      concat(good(name), referenceMovie(target));
  }
  const frames = {
    WXXX: `\0\0${target}`,
    WOAF: target,
    LINK: `TIT2${target}\0`,
    APIC: `\0-->\0\x03\0${target}`,
    COMM: `\0eng\0${target}`,
  };
  for (const [id, content] of Object.entries(frames)) {
    recipes[`mp3 with ${id} to ${to}`] = () =>
      concat(id3Tag(id3Frame(id, ascii(content))), good('mp3'));
  }
  return recipes;
}

/** QuickTime's film that is nothing but the address of another. */
function referenceMovie(target: string): Buffer {
  const size = u32be(target.length + 1);
  const address = box('rdrf', u32be(0), ascii('url '), size, ascii(`${target}\0`));
  return box('moov', box('rmra', box('rmda', address)));
}

function attachedPlaylist(target: string): Buffer {
  return element(
    '61a7',
    element('466e', ascii('list.m3u8')),
    element('4660', ascii('application/vnd.apple.mpegurl')),
    element('465c', ascii(m3u8(target))),
  );
}

/** A picture block (RFC 9639, 8.8) whose content is an address. */
function flacWithPicture(flac: Buffer, target: string): Buffer {
  const type = '-->';
  const picture = concat(
    u32be(3),
    u32be(type.length),
    ascii(type),
    Buffer.alloc(20),
    u32be(target.length),
    ascii(target),
  );
  const header = u32be(picture.length);
  header[0] = 6;
  const blocksAt = 42;
  return concat(flac.subarray(0, blocksAt), header, picture, flac.subarray(blocksAt));
}

function chunk(name: string, content: Buffer): Buffer {
  return concat(ascii(name), u32le(content.length), content, Buffer.alloc(content.length % 2));
}

/** An alias record of the classic Mac OS with an absolute path, as far as FFmpeg reads it. */
function aliasOf(path: string): Buffer {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const head = Buffer.alloc(150);
  head[50] = name.length;
  ascii(name).copy(head, 51);
  const entry = (type: number, content: string): Buffer =>
    concat(u16be(type), u16be(content.length), ascii(content), Buffer.alloc(content.length % 2));
  return concat(head, entry(2, path), entry(18, path.slice(1)), u16be(0xffff), u16be(0));
}
