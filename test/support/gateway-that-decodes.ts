/** A process that begins to decode the file it is given, says so, and goes on until it is killed. */
import { createAudioDecoder } from '#services/audio/decoder.js';
import { silentLogger } from '#utils/logging/logger.js';

const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 90_000 });
const blocks = decoder.decode(process.argv[2] ?? '');
await blocks.next();
process.send?.('decoding');
setInterval(() => {}, 1000);
