import { enhanceBlocks } from '#services/enhance/enhance-blocks.js';
import type { EnhanceRequest, Enhancer } from '#services/enhance/types.js';
import type { RecordingDiarizer } from './diarize-recording.js';

export type HearChunkOptions<Result> = {
  /** The audio of a chunk, 16 kHz mono. What it returns is returned. */
  readonly blocks: AsyncGenerator<Int16Array, Result, void>;
  /** Seconds from the start of the recording to the first sample. */
  readonly start: number;
  /** Hears the chunk as well, with or without what is enhanced, as the request says. */
  readonly diarizer: RecordingDiarizer | undefined;
  readonly enhance: EnhanceRequest | undefined;
  /** Has to be there where `enhance` is. */
  readonly enhancer: Enhancer | undefined;
  readonly signal: AbortSignal;
};

/** The audio of a chunk as recognition hears it. Throws what the blocks, the enhancer and the diarizer throw. */
export function hearChunk<Result>(
  options: HearChunkOptions<Result>,
): AsyncGenerator<Int16Array, Result, void> {
  const { blocks, start, diarizer, enhance, enhancer, signal } = options;
  const listen = (heard: HearChunkOptions<Result>['blocks']) =>
    diarizer ? diarizer.listen(start, heard) : heard;
  if (!enhance) return listen(blocks);
  if (!enhancer) throw new TypeError('A request that is to be enhanced needs an enhancer.');
  const { kind, model } = enhance;
  const clear = (heard: HearChunkOptions<Result>['blocks']) =>
    enhanceBlocks({ blocks: heard, kind, service: enhancer(model), signal });
  return enhance.for === 'both' ? listen(clear(blocks)) : clear(listen(blocks));
}
