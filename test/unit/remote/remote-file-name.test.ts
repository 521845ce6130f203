import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { remoteFileName } from '#services/remote/remote-file-name.js';

const nameOf = (url: string, disposition?: string) => remoteFileName(new URL(url), disposition);

describe('the name of a fetched file', () => {
  it('is the end of its address', () => {
    assert.equal(nameOf('https://example.com/a/talk.mp3?token=x#y'), 'talk.mp3');
    assert.equal(nameOf('https://example.com/Gespr%C3%A4ch%201.wav'), 'Gespräch 1.wav');
  });

  it('is what its sender calls it', () => {
    const url = 'https://example.com/download';
    assert.equal(nameOf(url, 'attachment; filename=talk.mp3'), 'talk.mp3');
    assert.equal(nameOf(url, 'attachment; filename="a \\"b\\".mp3"; size=3'), 'a "b".mp3');
    assert.equal(
      nameOf(url, `attachment; filename="x.mp3"; filename*=UTF-8''%E2%82%AC.mp3`),
      '€.mp3',
    );
    const latin1 = Buffer.from('attachment; filename="Gespräch.mp3"').toString('latin1');
    assert.equal(nameOf(url, latin1), 'Gespräch.mp3');
  });

  it('has neither folders nor control characters', () => {
    const url = 'https://example.com/x';
    assert.equal(nameOf(url, 'attachment; filename="../../etc/passwd"'), 'passwd');
    assert.equal(nameOf(url, 'attachment; filename="C:\\\\temp\\\\a.wav"'), 'a.wav');
    assert.equal(nameOf('https://example.com/..%2F..%2Fa%00%1B.wav'), 'a.wav');
    assert.equal(nameOf(`https://example.com/${'x'.repeat(900)}`).length, 255);
  });

  it('is made up where there is none', () => {
    assert.equal(nameOf('https://example.com/'), 'recording');
    assert.equal(
      nameOf('https://example.com/a/%2E%2E%2F..', 'attachment; filename=".."'),
      'recording',
    );
    assert.equal(nameOf('https://example.com/%FF'), '%FF');
  });
});
