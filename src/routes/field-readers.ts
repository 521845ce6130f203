import { z } from 'zod';
import type { ErrorKey } from '#utils/errors/catalogue.js';
import { type ErrorParams, WhosaidError } from '#utils/errors/whosaid-error.js';

/**
 * Readers for multipart text fields: what a client sent in, a typed value out. A reader that fails names an error of
 * the catalogue; `toCatalogued` makes it of zod's.
 */

/** Fails a check with an error of the catalogue. */
export function rejectWith(
  context: z.RefinementCtx,
  key: ErrorKey,
  params: ErrorParams = {},
): never {
  context.addIssue({ code: 'custom', params: { key, params } });
  return z.NEVER;
}

/** Fields may be repeated; of one that has a single value the last counts. Empty means: not sent. */
export const single = z.preprocess((value) => {
  const last = Array.isArray(value) ? value.at(-1) : value;
  return isPresent(last) ? last : undefined;
}, z.string().optional());

/**
 * A field that is a list: repeated, with brackets (more than one pair where two libraries each add theirs) or without.
 * Items are as sent, empty ones included.
 */
export const list = z.preprocess(
  (value) => [value].flat(4).filter((item) => item !== undefined),
  z.array(z.string()),
);

/** `true` or `false` in any spelling; undefined when it was not sent. */
export function switchField(param: string) {
  return single.transform((text, context): boolean | undefined => {
    const word = text?.trim().toLowerCase();
    if (word === undefined) return undefined;
    if (['true', '1', 'yes', 'on'].includes(word)) return true;
    if (['false', '0', 'no', 'off'].includes(word)) return false;
    const expected = "'true' or 'false'";
    return rejectWith(context, 'field_invalid', { param, expected, received: quoted(word) });
  });
}

/** A whole number within limits, both included; undefined when it was not sent. */
export function wholeNumberField(param: string, { min, max }: { min: number; max: number }) {
  return single.transform((text, context): number | undefined => {
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const expected = `a whole number from ${min} to ${max}`;
    return rejectWith(context, 'field_invalid', { param, expected, received: quoted(text) });
  });
}

/** Whether a field was sent with something in it. */
export function isPresent(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isPresent);
  return value !== undefined && !(typeof value === 'string' && value.trim() === '');
}

/** The error of the catalogue for the first thing that zod found wrong. */
export function toCatalogued(error: z.ZodError): WhosaidError {
  const [issue] = error.issues;
  const found =
    issue?.code === 'custom' ? (issue.params as { key: ErrorKey; params: ErrorParams }) : undefined;
  if (found !== undefined) return new WhosaidError(found.key, found.params);
  // What remains is a value of the wrong kind, such as `model[a]=b`.
  const param = String(issue?.path[0] ?? 'body');
  return new WhosaidError('field_invalid', {
    param,
    expected: 'a text',
    received: 'a nested field',
  });
}

/** What a client sent, for a message: enough to recognise it. */
export function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function quoted(text: string): string {
  return `'${shown(text)}'`;
}
