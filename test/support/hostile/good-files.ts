import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeMedia, type MediaRecipe } from '../encode-media.js';
import { fixturePcm } from '../fixture-pcm.js';
import { containerKinds } from '../make-containers.js';
import type { GoodFile } from './hostile-file.js';

/** The beginning of a sentence: long enough to be transcribed, short enough for thousands of files. */
const SECONDS = 2;
const SAMPLE_RATE = 16_000;

/** A whole file of every kind, all with the same speech. Throws if an encoder is missing. */
export async function makeGoodFiles(folder: string): Promise<readonly GoodFile[]> {
  const speech = fixturePcm('two-speakers-clean').subarray(0, SECONDS * SAMPLE_RATE);
  const files: GoodFile[] = [];
  for (const { name, file, container, make } of containerKinds) {
    // The same bytes once more, under another name.
    if (/ named | without extension/.test(name)) continue;
    const path = join(folder, file);
    await make(path, speech);
    files.push({ name, container, bytes: await readFile(path) });
  }
  for (const [name, container, recipe] of furtherKinds) {
    const path = join(folder, 'further');
    encodeMedia(path, speech, recipe);
    files.push({ name, container, bytes: await readFile(path) });
  }
  return files;
}

/** What else FFmpeg can both write and read: rarer demuxers are the less tested ones. */
const furtherKinds: readonly (readonly [string, string, MediaRecipe])[] = [
  ['au', 'au', pcm('au', 'pcm_s16be', 's16')],
  ['aiff', 'aiff', pcm('aiff', 'pcm_s16be', 's16')],
  ['caf', 'caf', pcm('caf', 'pcm_s16le', 's16')],
  ['w64', 'w64', pcm('w64', 'pcm_s16le', 's16')],
  ['voc', 'voc', pcm('voc', 'pcm_u8', 'u8')],
  ['sox', 'sox', pcm('sox', 'pcm_s32le', 's32')],
  ['ircam', 'ircam', pcm('ircam', 'pcm_s16le', 's16')],
  ['mov', 'mov', pcm('mov', 'pcm_s16le', 's16')],
  ['wav adpcm', 'wav', pcm('wav', 'adpcm_ms', 's16')],
  ['tta', 'tta', pcm('tta', 'tta', 's16')],
  ['ogg flac', 'ogg', pcm('ogg', 'flac', 's16')],
  ['mkv flac', 'matroska', pcm('matroska', 'flac', 's16')],
  ['mp4 alac', 'mov', pcm('mp4', 'alac', 's16p')],
  ['avi', 'avi', stereo('avi', 'libmp3lame', 's16p', 44_100)],
  ['flv', 'flv', stereo('flv', 'aac', 'fltp', 44_100)],
  ['nut', 'nut', stereo('nut', 'libopus', 's16', 48_000)],
  ['wtv', 'wtv', stereo('wtv', 'mp2', 's16', 48_000)],
  ['rm', 'rm', stereo('rm', 'ac3', 'fltp', 48_000)],
  ['mpeg', 'mpeg', stereo('mpeg', 'mp2', 's16', 48_000)],
  ['ac3', 'ac3', stereo('ac3', 'ac3', 'fltp', 48_000)],
  ['eac3', 'eac3', stereo('eac3', 'eac3', 'fltp', 48_000)],
  ['loas', 'loas', stereo('latm', 'aac', 'fltp', 48_000)],
  [
    'mp4 in fragments',
    'mov',
    {
      ...stereo('mp4', 'aac', 'fltp', 44_100),
      formatOptions: { movflags: 'frag_keyframe+empty_moov+default_base_moof' },
    },
  ],
];

function pcm(format: string, codec: string, sampleFormat: string): MediaRecipe {
  return { format, audio: { codec, sampleFormat, sampleRate: SAMPLE_RATE, channels: 1 } };
}

function stereo(
  format: string,
  codec: string,
  sampleFormat: string,
  sampleRate: number,
): MediaRecipe {
  return { format, audio: { codec, sampleFormat, sampleRate, channels: 2 } };
}
