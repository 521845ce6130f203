import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseTranscriptionFields } from '#src/routes/transcription-fields.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const vadOf = (fields: Record<string, unknown>) =>
  parseTranscriptionFields({ model: 'x', ...fields }).vad;

const text = (value: unknown) => ({ chunking_strategy: JSON.stringify(value) });

const all = {
  type: 'server_vad',
  threshold: '0.35',
  silence_duration_ms: '450',
  prefix_padding_ms: '120.5',
};
const meant = { threshold: 0.35, silenceSeconds: 0.45, prefixPaddingSeconds: 0.1205 };
const dotted = Object.fromEntries(
  Object.entries(all).map(([name, value]) => [`chunking_strategy.${name}`, value]),
);

describe('the chunking strategy', () => {
  for (const [spelling, fields] of [
    ['fields in brackets', { chunking_strategy: all }],
    ['fields after a dot', dotted],
    ['one text in JSON', text(all)],
    [
      'one text in JSON with numbers',
      text({
        type: 'server_vad',
        threshold: 0.35,
        silence_duration_ms: 450,
        prefix_padding_ms: 120.5,
      }),
    ],
    ['the last of several', { chunking_strategy: ['auto', JSON.stringify(all)] }],
    ['an object inside extra_body', { extra_body: { chunking_strategy: all } }],
    ['JSON inside JSON', { extra_body: JSON.stringify({ chunking_strategy: all }) }],
    ['dots inside extra_body', { extra_body: dotted }],
    [
      'brackets and dots',
      { chunking_strategy: { type: 'server_vad', threshold: '0.35' }, ...dotted },
    ],
  ] as const) {
    it(`means the same as ${spelling}`, () => assert.deepEqual(vadOf(fields), meant));
  }

  it('leaves to the server what it does not say', () => {
    const some = { type: 'server_vad', silence_duration_ms: '0', threshold: '', other: 'x' };
    assert.deepEqual(vadOf({ chunking_strategy: some }), { silenceSeconds: 0 });
    assert.equal(vadOf({ chunking_strategy: { type: 'server_vad' } }), undefined);
  });

  for (const value of ['auto', ' AUTO ', '"auto"', '{"type":"auto"}', { type: 'auto' }, '', {}]) {
    it(`is the server's own as ${JSON.stringify(value)}`, () => {
      assert.equal(vadOf({ chunking_strategy: value }), undefined);
    });
  }

  it("is the server's own as chunking_strategy.type=auto", () => {
    assert.equal(vadOf({ 'chunking_strategy.type': 'auto' }), undefined);
  });

  const deep = 200_000;
  for (const [value, message] of [
    ['['.repeat(deep), /nested too deeply/],
    [`${'['.repeat(deep)}${']'.repeat(deep)}`, /nested too deeply/],
    [`{"type":${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}}`, /nested too deeply/],
    ['x'.repeat(deep), /received 'x{60}…'/],
    ['manual', /expected 'auto', or an object whose 'type' is 'server_vad', received 'manual'/],
    ['{"type":', /broken JSON/],
    ['["server_vad"]', /server_vad/],
    ['[]', /'\[\]'/],
    ['null', /'null'/],
    ['5', /'5'/],
    [{ threshold: '0.5' }, /received no type/],
    [{ type: 'semantic_vad' }, /type='semantic_vad'/],
    [{ type: ['server_vad', 'x'] }, /type=/],
    [{ ...all, threshold: '1.01' }, /'threshold' to be a number from 0 to 1, received '1.01'/],
    [{ ...all, threshold: 'high' }, /'threshold'.*'high'/],
    [{ ...all, threshold: { a: 'b' } }, /'threshold'/],
    [{ ...all, silence_duration_ms: '-1' }, /'silence_duration_ms'.*0 to 10000.*'-1'/],
    [{ ...all, silence_duration_ms: '1e3' }, /'silence_duration_ms'/],
    [{ ...all, prefix_padding_ms: '10001' }, /'prefix_padding_ms'.*'10001'/],
    ['{"type":"server_vad","threshold":2}', /'threshold'.*'2'/],
    ['{"type":"server_vad","threshold":true}', /'threshold'.*'true'/],
  ] as const) {
    it(`is refused as ${JSON.stringify(value).slice(0, 60)}`, () => {
      assert.throws(
        () => vadOf({ chunking_strategy: value }),
        (error) => {
          assert.ok(error instanceof WhosaidError);
          assert.deepEqual(
            [error.key, error.param],
            ['chunking_strategy_invalid', 'chunking_strategy'],
          );
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
