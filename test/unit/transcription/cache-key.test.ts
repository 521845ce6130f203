import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { cacheKey } from '#services/transcription/cache-key.js';
import { silentLogger } from '#utils/logging/logger.js';
import { fixture } from '../../support/paths.js';

describe('the key of a transcript', () => {
  const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 60 });
  after(() => decoder.dispose());

  const keyOf = ({
    inverseNormalisation,
    punctuation,
  }: {
    inverseNormalisation?: boolean;
    punctuation?: readonly string[];
  }) =>
    cacheKey({
      request: {
        path: fixture('two-voices-short'),
        ...(inverseNormalisation !== undefined && { inverseNormalisation }),
      },
      deps: {
        decoder,
        chunkSeconds: 60,
        chunkOverlapSeconds: 5,
        speech: punctuation && { punctuation: async () => punctuation },
      },
      owner: 'somebody',
      model: 'zipformer-en',
      version: '1',
    });

  it('depends on the models that punctuate and on how numbers are written', async () => {
    const keys = [
      await keyOf({}),
      await keyOf({ punctuation: ['punctuation-en'] }),
      await keyOf({ punctuation: ['punctuation-zh-en'] }),
      await keyOf({ inverseNormalisation: true }),
      await keyOf({ inverseNormalisation: false }),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(await keyOf({ punctuation: [] }), keys[0]);
  });
});
