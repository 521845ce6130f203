import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readWavClaim } from '#services/audio/wav-header.js';
import { rawPcmAsWav } from '#src/adapters/raw-pcm.js';
import { testFolder } from '../../support/paths.js';

describe('bare samples', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
  });
  after(() => folder.remove());

  let takenBytes = 0;
  const uploadOf = async (name: string, bytes: Buffer) => {
    const path = join(folder.path, name);
    await writeFile(path, bytes);
    const takeRoom = (more: number): void => {
      takenBytes = more;
    };
    return { fields: {}, folder: folder.path, file: { path, bytes: bytes.length }, takeRoom };
  };

  it('become a WAV file of 16 kHz and one channel, whole samples only, and the original goes', async () => {
    const samples = Buffer.from([1, 2, 3, 4, 5, 6, 7]);
    const { file } = await rawPcmAsWav(await uploadOf('bare', samples));
    assert.ok(file);
    const wav = await readFile(file.path);
    assert.equal(file.bytes, wav.length);
    assert.equal(takenBytes, wav.length, 'room for the second file');
    assert.deepEqual(readWavClaim(wav), { dataBytes: 6, bytesPerSecond: 32_000 });
    assert.equal(wav.readUInt32LE(4), wav.length - 8);
    assert.deepEqual(wav.subarray(-6), samples.subarray(0, 6));
    assert.deepEqual(await readdir(folder.path), ['samples.wav']);
  });

  it('that are a WAV file already stay as they are', async () => {
    const upload = await uploadOf('file.wav', Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1'));
    assert.equal(await rawPcmAsWav(upload), upload);
  });

  it('too few for one sample are an empty recording', async () => {
    const { file } = await rawPcmAsWav(await uploadOf('half', Buffer.from([1])));
    assert.equal(file?.bytes, 0);
  });
});
