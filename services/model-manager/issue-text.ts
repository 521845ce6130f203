import type { z } from 'zod';

/** A problem of a JSON file as `place.in.it[3]: what is wrong`. */
export function issueText({ path, message }: z.core.$ZodIssue): string {
  const place = path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`,
    '',
  );
  return `${place}: ${message}`;
}
