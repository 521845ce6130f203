import type { SpeechService } from '#services/asr/types.js';
import { readChunks } from '#services/audio/chunk.js';
import type { AudioDecoder } from '#services/audio/types.js';

/** What two neighbouring chunks share; seconds of the recording. */
export type Seam = { readonly from: number; readonly to: number };

/** Where the pipeline joins chunks of a recording: it cuts them in the same way, which depends on the audio alone. */
export async function findSeams({
  path,
  decoder,
  speech,
  chunkSeconds,
  overlapSeconds,
}: {
  path: string;
  decoder: AudioDecoder;
  speech: Pick<SpeechService, 'detect'>;
  chunkSeconds: number;
  overlapSeconds: number;
}): Promise<Seam[]> {
  const seams: Seam[] = [];
  const chunks = readChunks({
    blocks: decoder.decode(path),
    chunkSeconds,
    overlapSeconds,
    speechIn: (samples) => speech.detect(samples),
  });
  for await (const { blocks } of chunks) {
    let block = await blocks.next();
    while (!block.done) block = await blocks.next();
    const { nextStart, end } = block.value;
    if (nextStart !== undefined) seams.push({ from: nextStart, to: end });
  }
  return seams;
}
