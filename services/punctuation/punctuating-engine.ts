import type { AsrEngine, RecognisedSegment } from '../asr/types.js';
import { createPunctuator } from './punctuator.js';
import type { PunctuationSpec } from './types.js';

/**
 * A recogniser whose segments get punctuation, each for itself: what stands in one does not depend on which others came
 * with it. Words keep their number, order, times, probabilities and tokens.
 *
 * @param specs None: the recogniser as it is.
 * @throws WhosaidError as `createPunctuator` does; the recogniser is disposed of then.
 */
export async function withPunctuation(
  asr: AsrEngine,
  specs: readonly PunctuationSpec[] = [],
): Promise<AsrEngine> {
  if (specs.length === 0) return asr;
  const punctuator = await createPunctuator(specs).catch(async (error: unknown) => {
    await asr.dispose();
    throw error;
  });
  return {
    ...asr,
    async recognise(segments, options, call) {
      const recognised = await asr.recognise(segments, options, call);
      return recognised.map((segment): RecognisedSegment => {
        call?.signal?.throwIfAborted();
        return punctuator.punctuate(segment, segment.language);
      });
    },
  };
}
