import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Demuxer } from 'node-av/api';
import { decodeFile } from '#services/audio/decode-file.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import type { AudioDecoder } from '#services/audio/types.js';
import type { ErrorKey } from '#utils/errors/catalogue.js';
import { silentLogger } from '#utils/logging/logger.js';
import { cutOff, plainText, scrambled } from '../support/bad-files.js';
import { decodeAll } from '../support/decoding.js';
import { encodeMedia } from '../support/encode-media.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { silence } from '../support/hostile/silence.js';
import { flac } from '../support/hostile/silent-flac.js';
import { makeContainer } from '../support/make-containers.js';
import { testFolder } from '../support/paths.js';

const SECONDS = 20;

describe('decoding of bad files', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let decoder: AudioDecoder;
  const speech = fixturePcm('two-speakers-clean').subarray(0, SECONDS * 16_000);
  const good = new Map<string, Buffer>();
  let written = 0;

  before(async () => {
    folder = await testFolder();
    decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 3600 });
    const names = [
      'wav 16-bit',
      'flac',
      'mp3',
      'm4a',
      'ogg opus',
      'webm without duration',
      'wma',
      'amr',
    ];
    for (const name of [
      ...names,
      'mkv with video',
      'mpeg-ts with video',
      'aac without container',
    ]) {
      good.set(name, await readFile(await makeContainer(name, folder.path, speech)));
    }
  });
  after(async () => {
    await decoder.dispose();
    await folder.remove();
  });

  async function decodeBytes(bytes: Buffer | string, name = `upload-${written}`): Promise<number> {
    written += 1;
    const path = join(folder.path, name);
    await writeFile(path, bytes);
    return (await decodeAll(decoder, path)).seconds;
  }

  function bytesOf(name: string): Buffer {
    const bytes = good.get(name);
    assert.ok(bytes, name);
    return bytes;
  }

  const refused: Record<string, [bytes: () => Buffer | string, key: ErrorKey, message?: RegExp]> = {
    'an empty file': [() => '', 'audio_empty'],
    'a text': [() => plainText, 'audio_unreadable', /Invalid file format/],
    'random bytes': [() => randomBytes(400_000), 'audio_unreadable'],
    zeros: [() => Buffer.alloc(400_000), 'audio_unreadable'],
    'one byte': [() => 'x', 'audio_unreadable'],
    'a web page': [() => '<!doctype html><title>Not found</title>', 'audio_unreadable'],
    subtitles: [() => '1\n00:00:00,000 --> 00:00:03,000\nText\n\n', 'audio_unreadable'],
    'an archive': [
      () => Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(9000)]),
      'audio_unreadable',
    ],
    'a webm of 110 bytes that is only a header': [
      () => bytesOf('webm without duration').subarray(0, 110),
      'audio_corrupt',
      /webm or mkv/,
    ],
    'a webm header with its track and no sound': [webmHeader, 'audio_corrupt', /webm or mkv/],
    'a wav header without sound': [
      () => bytesOf('wav 16-bit').subarray(0, 44),
      'audio_corrupt',
      /no audio samples/,
    ],
    'half a wav header': [
      () => bytesOf('wav 16-bit').subarray(0, 20),
      'audio_corrupt',
      /missing or damaged/,
    ],
    'an m4a without its index': [
      () => cutOff(bytesOf('m4a'), 0.5),
      'audio_corrupt',
      /missing or damaged/,
    ],
    'a hundredth of a wav': [
      () => cutOff(bytesOf('wav 16-bit'), 0.01),
      'audio_corrupt',
      /of 20.0 seconds/,
    ],
    'a hundredth of an mp3': [
      () => cutOff(bytesOf('mp3'), 0.01),
      'audio_corrupt',
      /of 20.0 seconds/,
    ],
    'a fiftieth of a flac': [() => cutOff(bytesOf('flac'), 0.02), 'audio_corrupt'],
    'an mp3 whose inside is noise': [() => scrambled(bytesOf('mp3'), 0.05, 1), 'audio_corrupt'],
    'a flac whose inside is noise': [() => scrambled(bytesOf('flac'), 0.05, 1), 'audio_corrupt'],
    'an m4a whose sound is noise': [() => scrambled(bytesOf('m4a'), 0.05, 0.9), 'audio_corrupt'],
    'a webm whose inside is noise': [
      () => scrambled(bytesOf('webm without duration'), 0.05, 1),
      'audio_corrupt',
    ],
    'an ogg whose inside is noise': [
      () => scrambled(bytesOf('ogg opus'), 0.05, 1),
      'audio_corrupt',
    ],
    'a wma whose inside is noise': [() => scrambled(bytesOf('wma'), 0.1, 1), 'audio_corrupt'],
    'an mkv whose inside is noise': [
      () => scrambled(bytesOf('mkv with video'), 0.03, 1),
      'audio_corrupt',
    ],
    'bare aac whose inside is noise': [
      () => scrambled(bytesOf('aac without container'), 0.05, 1),
      'audio_corrupt',
    ],
  };
  for (const [name, [bytes, key, message]] of Object.entries(refused)) {
    it(`refuses ${name}: ${key}`, async () => {
      await assert.rejects(
        decodeBytes(bytes(), undefined),
        (error: Error & { key?: string; status?: number }) => {
          assert.equal(error.key, key, error.message);
          assert.equal(error.status, 400);
          if (message) assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('refuses a text renamed .mp3 and a folder, and names the reason of a missing file', async () => {
    await assert.rejects(decodeBytes(plainText, 'speech.mp3'), { key: 'audio_unreadable' });
    await assert.rejects(decodeAll(decoder, folder.path), { key: 'audio_not_opened' });
    await assert.rejects(decodeAll(decoder, join(folder.path, 'nowhere')), /ENOENT/);
  });

  it('refuses a film without sound', async () => {
    const path = join(folder.path, 'silent-film.mp4');
    encodeMedia(path, speech, { format: 'mp4', videoCodec: 'mpeg4' });
    await assert.rejects(decodeAll(decoder, path), { key: 'audio_no_stream' });
  });

  for (const name of [
    'wav 16-bit',
    'mp3',
    'flac',
    'ogg opus',
    'webm without duration',
    'wma',
    'amr',
    'mkv with video',
  ]) {
    it(`decodes what is there of a cut-off file: ${name}`, async () => {
      for (const share of [0.9, 0.5, 0.25]) {
        const seconds = await decodeBytes(cutOff(bytesOf(name), share));
        // Bit rates vary, and a video's share of the bytes is not spread evenly.
        assert.ok(seconds > SECONDS * share * 0.6 && seconds < SECONDS, `${seconds} s of ${share}`);
      }
    });
  }

  it('never crashes, hangs or invents much, wherever a file is cut or scrambled', async () => {
    const expected = new Set([
      'audio_unreadable',
      'audio_corrupt',
      'audio_too_short',
      'audio_no_stream',
    ]);
    for (const [name, bytes] of good) {
      for (const bad of [
        cutOff(bytes, 0.003),
        scrambled(bytes, 0, 0.02),
        scrambled(bytes, 0.3, 0.6),
      ]) {
        try {
          const seconds = await decodeBytes(bad);
          assert.ok(seconds < SECONDS * 2, `${name}: ${seconds} s`);
        } catch (error) {
          const { key } = error as { key?: string };
          assert.ok(expected.has(key ?? ''), `${name}: ${error}`);
        }
      }
    }
  });

  it('refuses a day of silence in one frame for its length, not for its memory', async () => {
    await assert.rejects(decodeBytes(flac({ rate: 1, blocks: 1 })), { key: 'audio_too_long' });
  });

  it('does not read on when a hundred thousand packets gave no sound', () => {
    const path = join(folder.path, 'silent.amr');
    const bytes = (silence['10 hours of amr without speech'] as () => Buffer)();
    writeFileSync(path, bytes);
    let readBytes = 0;
    assert.throws(
      () => {
        for (const step of decodeFile(path))
          if (step.type === 'progress') readBytes = step.readBytes;
      },
      { key: 'audio_corrupt' },
    );
    assert.ok(readBytes > 90_000 && readBytes < bytes.length / 2, `${readBytes} bytes`);
  });

  it('finds the sound behind three megabytes of tags', async () => {
    const size = 3_000_000;
    const length = [21, 14, 7, 0].map((shift) => (size >> shift) & 127);
    const tag = Buffer.concat([
      Buffer.from('ID3\x03\x00\x00'),
      Buffer.from(length),
      Buffer.alloc(size),
    ]);
    const seconds = await decodeBytes(Buffer.concat([tag, bytesOf('mp3')]));
    assert.ok(Math.abs(seconds - SECONDS) < 0.2);
  });

  it('reads no other file for a playlist, a concatenation or a manifest', async () => {
    const own = join(folder.path, 'playlists');
    await mkdir(own);
    const canary = join(own, 'canary.wav');
    await writeFile(canary, bytesOf('wav 16-bit'));
    await writeFile(join(own, 'canary.ts'), bytesOf('mpeg-ts with video'));
    const playlists: Record<string, string> = {
      'absolute.m3u8': `#EXTM3U\n#EXT-X-TARGETDURATION:20\n#EXTINF:20,\nfile://${join(own, 'canary.ts')}\n#EXT-X-ENDLIST\n`,
      'relative.m3u8':
        '#EXTM3U\n#EXT-X-TARGETDURATION:20\n#EXTINF:20,\ncanary.ts\n#EXT-X-ENDLIST\n',
      'upload.mp3': 'ffconcat version 1.0\nfile canary.wav\n',
      'list.ffconcat': `ffconcat version 1.0\nfile '${canary}'\n`,
      'manifest.mpd': `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011" type="static" mediaPresentationDuration="PT20S"><Period><AdaptationSet mimeType="audio/wav"><Representation id="1" bandwidth="1"><BaseURL>${canary}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      'session.sdp':
        'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
    };
    for (const [name, text] of Object.entries(playlists)) await writeFile(join(own, name), text);
    // The bait works: without our limits FFmpeg follows at least these three.
    for (const name of ['absolute.m3u8', 'relative.m3u8', 'upload.mp3'])
      Demuxer.openSync(join(own, name)).closeSync();
    for (const [name, text] of Object.entries(playlists)) {
      await assert.rejects(
        decodeBytes(text, join('playlists', name)),
        { key: 'audio_unreadable' },
        name,
      );
    }
  });

  function webmHeader(): Buffer {
    // A cluster begins with this identifier; everything before it is header.
    const bytes = bytesOf('webm without duration');
    return bytes.subarray(0, bytes.indexOf(Buffer.from([0x1f, 0x43, 0xb6, 0x75])));
  }
});
