import { AV_LOG_QUIET } from 'node-av/constants';
import { Log } from 'node-av/lib';
import { decodeFile } from '#services/audio/decode-file.js';
import { type FixtureName, fixture } from './paths.js';

Log.setLevel(AV_LOG_QUIET);

const cache = new Map<FixtureName, Int16Array>();

/** The fixture's own samples (16 kHz mono), decoded in this process: our fixtures are not hostile. */
export function fixturePcm(name: FixtureName): Int16Array {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const samples = decodeInProcess(fixture(name));
  cache.set(name, samples);
  return samples;
}

function decodeInProcess(path: string): Int16Array {
  const blocks: Buffer[] = [];
  for (const step of decodeFile(path))
    if (step.type === 'pcm') blocks.push(Buffer.from(step.bytes));
  const bytes = new Uint8Array(Buffer.concat(blocks));
  return new Int16Array(bytes.buffer, 0, bytes.length / 2);
}
