import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { type ErrorEntry, type ErrorKey, errorCatalogue } from '#utils/errors/catalogue.js';
import { errorsPage } from '#utils/errors/errors-page.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const entries = Object.entries(errorCatalogue) as [ErrorKey, ErrorEntry][];

const CATALOGUE = join('utils', 'errors', 'catalogue');

/** Every TypeScript file that may throw, except the catalogue itself. */
function sources(): string[] {
  return ['src', 'services', 'utils', 'config']
    .flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(projectRoot, folder, path),
      ),
    )
    .filter((path) => path.endsWith('.ts') && !path.includes(CATALOGUE))
    .map((path) => readFileSync(path, 'utf8'));
}

describe('error catalogue', () => {
  it('holds no error that nothing throws', () => {
    const text = sources().join('\n');
    const unused = entries.map(([key]) => key).filter((key) => !text.includes(`'${key}'`));
    assert.deepEqual(unused, []);
  });

  it('has each error in one of its files alone', () => {
    const folder = join(projectRoot, CATALOGUE);
    const keys = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .flatMap((text) => [...text.matchAll(/^ {2}(\w+): \{$/gm)].map(([, key]) => key));
    assert.deepEqual(keys.toSorted(), entries.map(([key]) => key as string).toSorted());
  });

  it('is what docs/errors.md says, name for name and word for word', () => {
    const page = readFileSync(join(projectRoot, 'docs', 'errors.md'), 'utf8');
    const named = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, key]) => key);
    assert.deepEqual(named.toSorted(), entries.map(([key]) => key).toSorted());
    assert.equal(page, errorsPage(), 'docs/errors.md is out of date: npm run docs');
    assert.doesNotMatch(page, /^\|.*<\w/m, 'a reader is not shown what looks like an element');
  });

  for (const [key, entry] of entries) {
    it(`gives ${key} a type that fits its status and a sentence that ends`, () => {
      const isOurs = entry.status >= 500;
      assert.equal(entry.type === 'server_error', isOurs);
      assert.match(entry.text, /[.!}]$/);
      assert.ok(!isOurs || entry.param === null, 'a failure of the server is no fault of a field');
    });
  }
});

describe('WhosaidError', () => {
  it('fills its sentence and its field from its parameters', () => {
    const error = new WhosaidError('field_invalid', {
      param: 'temperature',
      expected: 'a number from 0 to 1',
      received: "'2'",
    });
    assert.equal(
      error.message,
      "Invalid value for 'temperature': expected a number from 0 to 1, received '2'.",
    );
    assert.equal(error.param, 'temperature');
  });

  it('does not fill in what a parameter only looks like', () => {
    const error = new WhosaidError('field_invalid', {
      param: 'x',
      expected: '{received}',
      received: 'y',
    });
    assert.equal(error.message, "Invalid value for 'x': expected {received}, received y.");
  });

  it('survives the way to another process as plain data', () => {
    const error = new WhosaidError('engine_failed', { reason: 'out of memory' });
    const copy = WhosaidError.fromPlain(JSON.parse(JSON.stringify(error.toPlain())));
    assert.equal(copy.message, error.message);
    assert.equal(copy.key, error.key);
  });
});
