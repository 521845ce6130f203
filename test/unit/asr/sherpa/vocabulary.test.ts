import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { tokenise } from '#services/asr/sherpa/tokenise.js';
import {
  hiddenName,
  hiddenVocabulary,
  readVocabulary,
  tokenOf,
  type VocabularyEncoding,
} from '#services/asr/sherpa/vocabulary.js';
import { testFolder } from '../../../support/paths.js';

let folder: Awaited<ReturnType<typeof testFolder>>;
before(async () => {
  folder = await testFolder();
});
after(() => folder.remove());

async function read(lines: string, encoding: VocabularyEncoding = 'plain') {
  const path = join(folder.path, 'tokens.txt');
  await writeFile(path, lines);
  return readVocabulary(path, encoding);
}

describe('a vocabulary', () => {
  it('has texts with spaces for their sign, bytes for their names and nothing for what is special', async () => {
    const { bytes } = await read('<blk> 0\n▁a 1\nb 2\n<0xC3> 3\n 4\n ta 5\r\n<|en|> 6\n');
    assert.deepEqual(
      [...bytes.values()].map((each) => Buffer.from(each).toString('latin1')),
      ['', ' a', 'b', '\xc3', ' ', ' ta', ''],
    );
  });

  it('is read from base64, too', async () => {
    const line = (text: string, id: number) => `${Buffer.from(text).toString('base64')} ${id}\n`;
    const { bytes } = await read(line('<s>', 0) + line(' a', 1), 'base64');
    assert.deepEqual(
      [...bytes.values()].map((each) => Buffer.from(each).toString()),
      ['', ' a'],
    );
  });

  it('of byte-level BPE has letters for bytes', async () => {
    // 你 is E4 BD A0; letters stand for the bytes from U+0100 on, those with another normal form left out.
    const { bytes } = await read('<blk> 0\n▁ƋţŅ 1\nƦa 2\n');
    assert.equal(Buffer.from(bytes.get(1) ?? []).toString(), ' 你');
    assert.equal(bytes.get(2)?.[0], 255);
  });

  it('has other spaces of Unicode as tokens', async () => {
    const { names } = await read('\u3000 0\na\u00a0b 1\n');
    assert.deepEqual([...names.values()], ['\u3000', 'a\u00a0b']);
  });

  it('is refused when a line is no token with a number, or has a number again', async () => {
    for (const [lines, reason] of [
      ['', /is empty/],
      ['a b c\n', /not "token, its number"/],
      ['a 1\nb x\n', /not "token, its number"/],
      ['a 1\nb 1\n', /two of its lines have the number 1/],
      ['a 900000\n', /too large/],
    ] as const)
      await assert.rejects(read(lines), reason);
  });

  it('is given to sherpa-onnx with ids for texts, names in angle brackets kept', async () => {
    const vocabulary = await read('<blk> 0\n▁a 1\n<0x41> 2\n');
    const hidden = hiddenVocabulary(vocabulary, 'plain');
    assert.equal(hidden, `<blk> 0\n${hiddenName(1)} 1\n${hiddenName(2)} 2\n`);
    assert.deepEqual(
      [hiddenName(1), '<blk>', 'unknown'].map((text) => tokenOf(text, vocabulary)),
      [1, 0, undefined],
    );
  });

  it('can give an id another name, whose holder gets that of the id', async () => {
    const vocabulary = await read('<|fr|> 0\n<|pl|> 1\n');
    const hidden = hiddenVocabulary(vocabulary, 'plain', new Map([['<|fr|>', 1]]));
    assert.equal(hidden, '<|pl|> 0\n<|fr|> 1\n');
  });
});

describe('a phrase', () => {
  it('is cut into tokens, those merged first that come first', async () => {
    const vocabulary = await read('▁t 0\nhe 1\n▁the 2\n▁ 3\nt 4\nh 5\ne 6\nm 7\n▁them 8\n');
    assert.deepEqual(tokenise('the', vocabulary), [2]);
    assert.deepEqual(tokenise('  them  the ', vocabulary), [8, 2]);
    assert.deepEqual(tokenise('het', vocabulary), [3, 1, 4]);
  });

  it('is tried in capitals and small letters, and given up where a character is unknown', async () => {
    const vocabulary = await read('▁A 0\nB 1\n');
    assert.deepEqual(tokenise('ab', vocabulary), [0, 1]);
    assert.equal(tokenise('abc', vocabulary), undefined);
    assert.equal(tokenise(' ', vocabulary), undefined);
  });

  it('needs no spaces where the vocabulary has none', async () => {
    const vocabulary = await read('你 0\n好 1\n');
    assert.deepEqual(tokenise('你好', vocabulary), [0, 1]);
  });
});
