import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fieldsAsText } from '#src/middleware/field-text.js';

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

describe('text fields', () => {
  it('are read as UTF-8 at any depth', () => {
    const read = fieldsAsText({
      prompt: latin1('Größe, 名前, ☃'),
      names: [latin1('Zoë'), 'Bob'],
      nested: { name: latin1('Łukasz') },
    });
    assert.equal(read.prompt, 'Größe, 名前, ☃');
    assert.deepEqual(read.names, ['Zoë', 'Bob']);
    assert.equal((read.nested as { name: string }).name, 'Łukasz');
  });

  it('stay as they are when their part declared a charset and was decoded with it', () => {
    assert.equal(fieldsAsText({ prompt: '名前' }).prompt, '名前');
    assert.equal(fieldsAsText({ prompt: 'Größe' }).prompt, 'Größe');
  });

  it('stay latin1 when they are no UTF-8', () => {
    assert.equal(fieldsAsText({ prompt: '\xe9t\xe9' }).prompt, 'été');
  });

  it('may be called __proto__ without harm', () => {
    const read = fieldsAsText(JSON.parse('{"__proto__":"x","a":{"__proto__":"y"}}'));
    assert.equal(Object.getPrototypeOf(read), null);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });
});
