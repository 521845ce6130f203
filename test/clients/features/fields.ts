import assert from 'node:assert/strict';
import { listOf, objectOf, SENTENCE } from './expect.js';
import { type Feature, transcribe, transcribeConversation } from './feature.js';

const group = 'Fields';

export const fields = {
  plainFields: {
    group,
    title: 'language, prompt and temperature',
    call: (bench) =>
      transcribe(bench, {
        fields: { language: 'en', prompt: 'A meeting about costs.', temperature: 0.2 },
      }),
    check: (outcome) => assert.match(String(objectOf(outcome).text), SENTENCE),
  },
  listFields: {
    group,
    title: 'languages and keywords (gpt-transcribe)',
    call: (bench) =>
      transcribe(bench, {
        fields: {
          model: 'gpt-transcribe',
          languages: ['en'],
          keywords: ['travel', 'electricity'],
        },
      }),
    check: (outcome) => {
      const { text, languages } = objectOf(outcome);
      assert.match(String(text), SENTENCE);
      assert.deepEqual(languages, [{ code: 'en' }]);
    },
  },
  logprobs: {
    group,
    title: 'include: log-probabilities of the tokens',
    call: (bench) =>
      transcribe(bench, { fields: { model: 'gpt-4o-transcribe', include: ['logprobs'] } }),
    check: (outcome) => {
      const answer = objectOf(outcome);
      const logprobs = listOf(answer.logprobs);
      for (const { token, logprob, bytes } of logprobs) {
        assert.equal(typeof token, 'string');
        assert.ok(typeof logprob === 'number' && logprob <= 0, `logprob is ${logprob}`);
        assert.ok(Array.isArray(bytes));
      }
      assert.equal(
        logprobs
          .map(({ token }) => token)
          .join('')
          .trim(),
        answer.text,
      );
    },
  },
  chunking: {
    group,
    title: 'chunking_strategy with members',
    call: (bench) =>
      transcribe(bench, {
        fields: {
          chunking_strategy: {
            type: 'server_vad',
            threshold: 0.4,
            prefix_padding_ms: 200,
            silence_duration_ms: 400,
          },
        },
      }),
    check: (outcome) => assert.match(String(objectOf(outcome).text), SENTENCE),
  },
  knownSpeakers: {
    group,
    title: 'known speakers by name and voice',
    call: (bench) =>
      transcribeConversation(bench, {
        fields: {
          model: 'gpt-4o-transcribe-diarize',
          response_format: 'diarized_json',
          known_speaker_names: bench.voices.names,
          known_speaker_references: bench.voices.references,
        },
      }),
    check: (outcome, { bench }) => {
      const speakers = listOf(objectOf(outcome).segments).map(({ speaker }) => speaker);
      assert.deepEqual(new Set(speakers), new Set(bench.voices.names));
    },
  },
} as const satisfies Record<string, Feature>;
