import { ascii, f64be, u16be, u32be, u32le } from './bytes.js';
import { element, matroskaWith } from './ebml.js';
import { id3Frame, id3Tag } from './id3.js';
import { box } from './mp4.js';
import { oggPage } from './ogg.js';
import { concat, type Good, many, type Recipes } from './recipes.js';
import { OPUS_HEAD } from './silent-opus.js';

const COVER_BYTES = 8_000_000;
/** Where the blocks after FLAC's STREAMINFO begin, and the chunks after the header of a plain WAV file. */
const FLAC_BLOCKS_AT = 42;
const WAV_CHUNKS_AT = 36;

/** Recordings with far more around the sound than sound. */
export function decorations(good: Good): Recipes {
  const [mp3, m4a, mkv] = [good('mp3'), good('m4a'), good('mkv flac')];
  const tagged = (frames: Buffer): Buffer => concat(id3Tag(frames), mp3);
  return {
    'mp3 with a large cover': () =>
      tagged(
        id3Frame('APIC', concat(ascii('\0image/jpeg\0\x03\0'), Buffer.alloc(COVER_BYTES, 216))),
      ),
    'mp3 with a long title': () =>
      tagged(id3Frame('TIT2', concat(Buffer.alloc(1), Buffer.alloc(COVER_BYTES, 'x')))),
    'mp3 with 50,000 comments': () =>
      tagged(many(50_000, (i) => id3Frame('TXXX', ascii(`\0k${i}\0v`)))),
    'mp3 with 5000 chapters': () => tagged(many(5000, (i) => id3Frame('CHAP', chapter(i)))),
    'mp3 with 1000 tags': () =>
      concat(
        many(1000, () => id3Tag(id3Frame('TIT2', ascii('\0again')))),
        mp3,
      ),
    'mp3 with an endless tag behind it': () =>
      concat(
        mp3,
        ascii('APETAGEX'),
        u32le(2000),
        u32le(0xffff_ffff),
        u32le(0xffff_ffff),
        Buffer.alloc(12),
      ),
    'flac with 300,000 comments': () => flacWith(good('flac'), 4, comments(300_000)),
    'flac with a large cover': () => flacWith(good('flac'), 6, Buffer.alloc(COVER_BYTES)),
    'wav with a long list': () => {
      const list = concat(ascii('LIST'), u32le(COVER_BYTES), ascii('INFO'));
      return wavWith(good('wav 16-bit'), concat(list, Buffer.alloc(COVER_BYTES - 4, 'x')));
    },
    'wav with 100,000 chunks': () =>
      wavWith(
        good('wav 16-bit'),
        many(100_000, () => ascii('junk\0\0\0\0')),
      ),
    'm4a with a large cover': () => {
      const cover = box('data', u32be(13), u32be(0), Buffer.alloc(COVER_BYTES));
      return concat(m4a, box('udta', box('meta', u32be(0), box('ilst', box('covr', cover)))));
    },
    'm4a with 100,000 empty boxes': () =>
      concat(
        m4a,
        many(100_000, () => box('free')),
      ),
    'm4a with 20,000 indexes': () =>
      concat(
        m4a,
        many(20_000, () => box('moov', box('trak'))),
      ),
    'mkv with 50,000 tags': () => matroskaWith(mkv, element('1254c367', many(50_000, tag))),
    'mkv with 20,000 tracks': () =>
      concat(
        element('1a45dfa3', element('4282', ascii('webm'))),
        element(
          '18538067',
          element(
            '1654ae6b',
            many(20_000, (i) => track(i + 1)),
          ),
        ),
      ),
    'ogg with 20,000 streams': () => many(20_000, (serial) => firstPage(serial, 2)),
    'ogg that begins 2000 times': () => many(2000, (i) => firstPage(1 + (i % 2), 2 | 4)),
  };
}

function chapter(number: number): Buffer {
  const never = u32be(0xffff_ffff);
  return concat(ascii(`c${number}\0`), u32be(number), u32be(number + 1), never, never);
}

function flacWith(flac: Buffer, type: number, content: Buffer): Buffer {
  const header = u32be(content.length);
  header[0] = type;
  return concat(flac.subarray(0, FLAC_BLOCKS_AT), header, content, flac.subarray(FLAC_BLOCKS_AT));
}

function comments(count: number): Buffer {
  const comment = (i: number): Buffer =>
    concat(u32le(10), ascii(`k${String(i).padStart(6, '0')}=v1`));
  return concat(u32le(0), u32le(count), many(count, comment));
}

function wavWith(wav: Buffer, chunks: Buffer): Buffer {
  return concat(wav.subarray(0, WAV_CHUNKS_AT), chunks, wav.subarray(WAV_CHUNKS_AT));
}

function tag(number: number): Buffer {
  const name = element('45a3', ascii(`K${number}`));
  return element('7373', element('67c8', name, element('4487', ascii('v'))));
}

function track(number: number): Buffer {
  return element(
    'ae',
    element('d7', u16be(number)),
    element('73c5', u16be(number)),
    element('83', Buffer.from([2])),
    element('86', ascii('A_PCM/INT/LIT')),
    element('e1', element('b5', f64be(8000)), element('9f', Buffer.from([1]))),
  );
}

function firstPage(serial: number, flags: number): Buffer {
  return oggPage({ packets: [OPUS_HEAD], granule: 0n, number: 0, serial, flags });
}
