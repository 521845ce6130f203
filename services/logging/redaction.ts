/**
 * What must never reach a log, whatever part of the project hands it over: speech, names of files and people, keys.
 * Compared without case, `-` and `_`, at any depth.
 */
const forbidden = new Set(
  [
    'text',
    'texts',
    'transcript',
    'transcripts',
    'prompt',
    'word',
    'words',
    'segment',
    'segments',
    'delta',
    'body',
    'fields',
    'filename',
    'originalName',
    'file',
    'speaker',
    'speakers',
    'knownSpeakerNames',
    'knownSpeakerReferences',
    'keywords',
    'authorization',
    'headers',
    'cookie',
    'apiKey',
    'apiKeys',
    'key',
    'token',
    'tokens',
    'secret',
    'password',
  ].map(plainName),
);

const REDACTED = '[redacted]';
const MAX_DEPTH = 6;

/**
 * A copy of log fields in which forbidden ones are `[redacted]` and errors are described without what they quote. It
 * holds nothing but what JSON has, so that every line can be written. Never throws.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  try {
    return redactObject(fields, 0);
  } catch {
    // A getter, for example, may do what it likes: its request must not fail for a line in a log.
    return { unreadable: true };
  }
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      // A number under such a name is a count, which may be told.
      forbidden.has(plainName(name)) && typeof value !== 'number'
        ? REDACTED
        : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toJSON();
  if (depth >= MAX_DEPTH) return REDACTED;
  if (ArrayBuffer.isView(value)) return REDACTED;
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1));
  return redactObject(value, depth);
}

/** Errors whose messages are made by the runtime out of names in the code or system calls, never out of data. */
const SAFE_MESSAGES = new Set(['TypeError', 'RangeError', 'ReferenceError', 'WhosaidError']);

type ErrorDescription = {
  readonly name: string;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: readonly string[];
  readonly cause?: ErrorDescription;
};

/**
 * An error as log fields: its class, code, the places in the code it passed, and its cause. The message is left out
 * where it may quote what was being worked on (a parser's message holds what it could not parse).
 */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: typeof error };
  const { code, syscall } = error as NodeJS.ErrnoException;
  const isSafe = SAFE_MESSAGES.has(error.name) || typeof syscall === 'string';
  return {
    name: String(error.name),
    ...(typeof code === 'string' && { code }),
    ...(isSafe && { message: error.message }),
    stack: String(error.stack ?? '')
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .map((line) => line.trim()),
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  };
}

function plainName(name: string): string {
  return name.replace(/[-_[\]]/g, '').toLowerCase();
}
