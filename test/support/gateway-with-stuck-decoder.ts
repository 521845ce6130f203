/** A process whose decoding child is kept by native code for ever: it opens a pipe into which nobody writes. */
import { DecoderProcess } from '#services/audio/decoder-process.js';

const child = new DecoderProcess();
child.start({
  type: 'decode',
  path: process.argv[2] ?? '',
  maxAudioSeconds: 60,
  maxMemoryBytes: 2 ** 30,
});
process.send?.(child.pid);
setInterval(() => {}, 1000);
