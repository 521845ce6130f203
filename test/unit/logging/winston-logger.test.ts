import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, it } from 'node:test';
import { childLogger } from '#services/logging/child-logger.js';
import {
  createWinstonLogger,
  type WinstonLoggerOptions,
} from '#services/logging/winston-logger.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';

/** What a logger with these options writes while `use` runs. */
async function written(
  options: Omit<WinstonLoggerOptions, 'stream'>,
  use: (logger: Logger) => void,
): Promise<string> {
  let output = '';
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      output += chunk;
      done();
    },
  });
  use(createWinstonLogger({ ...options, stream }));
  await new Promise((resolve) => setImmediate(resolve));
  return output;
}

const json = { level: 'info', format: 'json' } as const;

describe('winston logger', () => {
  it('goes on when nobody reads its stream any more', async () => {
    let attempts = 0;
    const stream = new Writable({
      autoDestroy: false,
      write: (_chunk, _encoding, done) => {
        attempts += 1;
        done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      },
    });
    const loggers = [
      createWinstonLogger({ ...json, stream }),
      createWinstonLogger({ ...json, stream }),
    ];
    for (const logger of [...loggers, ...loggers]) {
      logger.info('Request');
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(attempts >= 1);
    assert.equal(stream.listenerCount('error'), 1);
  });

  it('writes one JSON object a line with time, level, message and fields', async () => {
    const output = await written(json, (logger) => {
      logger.info('Request', { status: 200, ms: 12.5 });
      logger.warn('Slow');
    });
    const [first, second, rest] = output.split('\n');
    const { timestamp, ...line } = JSON.parse(first ?? '');
    assert.deepEqual(line, { level: 'info', message: 'Request', status: 200, ms: 12.5 });
    assert.ok(!Number.isNaN(Date.parse(timestamp)));
    assert.equal(JSON.parse(second ?? '').level, 'warn');
    assert.equal(rest, '');
  });

  it('leaves out what is below its level', async () => {
    assert.equal(await written({ ...json, level: 'warn' }, (logger) => logger.info('Hello')), '');
  });

  it('writes pretty lines for people', async () => {
    const output = await written({ level: 'info', format: 'pretty' }, (logger) =>
      logger.info('Request', { status: 200, route: '/v1/models', note: 'two words' }),
    );
    assert.match(
      output,
      /^\d\d:\d\d:\d\d\.\d{3} info {2}Request status=200 route=\/v1\/models note="two words"\n$/,
    );
  });

  it('adds the fields of a child to every line', async () => {
    const output = await written(json, (logger) =>
      childLogger(logger, { requestId: 'req_1' }).info('Request', { status: 200 }),
    );
    assert.equal(JSON.parse(output).requestId, 'req_1');
    assert.equal(JSON.parse(output).status, 200);
  });

  it('does not let a field replace level or message', async () => {
    const output = await written(json, (logger) =>
      logger.error('Real', { level: 'debug', message: 'Fake' }),
    );
    assert.equal(JSON.parse(output).level, 'error');
    assert.equal(JSON.parse(output).message, 'Real');
  });

  for (const format of ['json', 'pretty'] as const) {
    it(`keeps speech, names and keys out of ${format} lines at any depth`, async () => {
      const output = await written({ level: 'debug', format }, (logger) =>
        logger.debug('Done', {
          text: 'SECRET speech',
          prompt: 'SECRET prompt',
          originalname: 'SECRET.mp3',
          'file-name': 'SECRET.mp3',
          Authorization: 'Bearer SECRET',
          result: { words: [{ word: 'SECRET' }], segments: ['SECRET'], list: [{ text: 'SECRET' }] },
          known_speaker_names: ['SECRET'],
          samples: new Int16Array([1, 2]),
          audioSeconds: 9,
        }),
      );
      assert.doesNotMatch(output, /SECRET/);
      assert.match(output, /audioSeconds/);
    });
  }

  it('logs class, code and places of an error and of its cause, but not a message that may quote content', async () => {
    let cause: unknown;
    try {
      JSON.parse('SECRET words');
    } catch (error) {
      cause = error;
    }
    const output = await written(json, (logger) =>
      logger.error('Failed', { error: new WhosaidError('internal_error', {}, { cause }) }),
    );
    const { error } = JSON.parse(output);
    assert.doesNotMatch(output, /SECRET/);
    assert.equal(error.name, 'WhosaidError');
    assert.equal(error.cause.name, 'SyntaxError');
    assert.ok(error.cause.stack[0].startsWith('at '));
  });

  it('writes a line of valid JSON whatever the fields hold', async () => {
    const odd: Record<string, unknown> = {
      bigint: 2n ** 64n,
      symbol: Symbol('s'),
      method: () => 'm',
      toJSON: () => {
        throw new Error('no JSON');
      },
      nothing: undefined,
      notANumber: Number.NaN,
      never: new Date(Number.NaN),
      ever: new Date(0),
      map: new Map([['a', 1]]),
      lines: 'one\ntwo\u2028three\u0000\ud800',
      timestamp: 'yesterday',
      ['__proto__']: { polluted: true },
      nested: { list: [1n, () => 1, [Symbol('t')]], bare: Object.create(null) },
      throws: Object.assign(new Error('x'), { stack: 7, name: 8 }),
    };
    const each = Object.entries(odd).map(([name, value]) => ({ [name]: value }));
    const broken = {
      get field() {
        throw new Error('SECRET');
      },
    };
    const all = [odd, ...each, broken, { nested: broken }];
    const output = await written(json, (logger) => {
      for (const fields of all) logger.info('Odd', fields);
    });
    const lines = output.trimEnd().split('\n');
    assert.equal(lines.length, all.length);
    for (const line of lines) {
      const { level, message, timestamp } = JSON.parse(line);
      assert.deepEqual([level, message], ['info', 'Odd'], line);
      assert.ok(!Number.isNaN(Date.parse(timestamp)), line);
    }
    const [first = '{}'] = lines;
    assert.equal(JSON.parse(first).bigint, '18446744073709551616');
    assert.equal(JSON.parse(first).ever, '1970-01-01T00:00:00.000Z');
    assert.doesNotMatch(output, /SECRET/);
  });

  it('writes pretty lines that tell a terminal nothing', async () => {
    const hostile = '\u001b[31mred\u009b1m\u202egnp.\n\ud800';
    const output = await written({ level: 'info', format: 'pretty' }, (logger) =>
      logger.info('Request', { hostile, nested: { hostile }, big: 1n, none: undefined }),
    );
    assert.match(output, /^[\x20-\x7e]+\n$/);
  });

  it('survives fields that contain themselves', async () => {
    const loop: Record<string, unknown> = { level2: 1 };
    loop.self = loop;
    assert.match(
      await written(json, (logger) => logger.info('Loop', { loop })),
      /"message":"Loop"/,
    );
  });
});
