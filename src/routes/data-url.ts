/** What a text is instead of a data URL with base64; completes "number 2 is …". */
export type DataUrlProblem =
  | 'not a data URL'
  | 'a data URL without ;base64'
  | 'empty'
  | 'not base64';

export type DataUrlContent = { readonly base64: string } | { readonly problem: DataUrlProblem };

/** Media types are short: a comma further away belongs to something else. */
const MAX_HEADER_CHARACTERS = 1000;

/**
 * The base64 text of a data URL (RFC 2397), checked as forgivingly as browsers do it: white space and missing padding
 * are no fault, `+` may be percent-encoded. The media type is not looked at: what the bytes are is seen in the bytes.
 * Every step is linear in the length of the text, which may be many megabytes of anything.
 */
export function readDataUrl(text: string): DataUrlContent {
  const trimmed = text.trim();
  const comma = trimmed.slice(0, MAX_HEADER_CHARACTERS).indexOf(',');
  const header = trimmed.slice(0, Math.max(0, comma)).toLowerCase();
  if (!header.startsWith('data:')) return { problem: 'not a data URL' };
  if (!/;\s*base64\s*$/.test(header)) return { problem: 'a data URL without ;base64' };
  const body = unescaped(trimmed.slice(comma + 1)).replace(/\s+/g, '');
  if (body === '') return { problem: 'empty' };
  return isBase64(body) ? { base64: body } : { problem: 'not base64' };
}

/** What is not percent-encoded as it should be stays as it is: it is no base64 then. */
function unescaped(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isBase64(text: string): boolean {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = text.length - padding;
  // Four characters are three bytes; a single one left over is less than a byte.
  const isWhole = padding === 0 ? length % 4 !== 1 : text.length % 4 === 0;
  return isWhole && length > 0 && /^[A-Za-z0-9+/]+$/.test(text.slice(0, length));
}
