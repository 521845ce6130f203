import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { fixture } from '../../support/paths.js';

describe('what a request says about recognition', () => {
  let runtime: Runtime;
  let plain: Transcript;
  const transcriptOf = async (request: Partial<TranscribeRequest>): Promise<Transcript> => {
    for await (const event of transcribe(
      { path: fixture('two-speakers-clean'), ...request },
      {
        decoder: runtime.decoder,
        speech: runtime.manager.speech(),
        speakers: runtime.manager.speakers(),
        chunkSeconds: 600,
        chunkOverlapSeconds: 10,
      },
    ))
      if (event.type === 'done') return event.transcript;
    throw new Error('no transcript');
  };
  before(async () => {
    runtime = createRuntime({ settings: loadSettings(), logger: silentLogger });
    await runtime.manager.start();
    plain = await transcriptOf({});
  });
  after(() => runtime.dispose());

  it('cuts segments at shorter or longer pauses', async () => {
    const short = await transcriptOf({ vad: { silenceSeconds: 0.1 } });
    const long = await transcriptOf({ vad: { silenceSeconds: 2 } });
    assert.ok(short.segments.length > plain.segments.length);
    assert.ok(long.segments.length < plain.segments.length);
  });

  it('takes for speech what is likely enough to be', async () => {
    const noSpeechProb = ({ segments }: Transcript) =>
      segments.reduce((sum, segment) => sum + segment.noSpeechProb, 0) / segments.length;
    const strict = await transcriptOf({ vad: { threshold: 0.95 } });
    assert.ok(noSpeechProb(strict) < noSpeechProb(plain));
  });

  it('gives a segment more or less of what is before its speech', async () => {
    const { segments } = await transcriptOf({ vad: { prefixPaddingSeconds: 0 } });
    const moved = segments.filter(({ start }) =>
      plain.segments.every((each) => each.start !== start),
    );
    assert.ok(moved.length > 0);
  });

  it('gives log-probabilities of tokens whose texts make the text, only when they are wanted', async () => {
    const { segments, text } = await transcriptOf({ logprobs: true });
    const pieces = segments.flatMap(({ words }) => words.flatMap(({ pieces = [] }) => pieces));
    const said = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('utf8');
    assert.equal(said.trim(), text);
    for (const { logprob } of pieces) assert.ok(logprob <= 0 && logprob > -20);
    assert.ok(plain.segments.every(({ words }) => words.every((word) => !('pieces' in word))));
  });

  it('does not change the text by asking for log-probabilities or live segments', async () => {
    assert.equal((await transcriptOf({ logprobs: true })).text, plain.text);
    assert.equal((await transcriptOf({ live: true })).text, plain.text);
  });
});
