/** What names of files are limited to by the usual file systems. */
const MAX_LENGTH = 255;
const NAMELESS = 'recording';

/**
 * What a fetched file is called: the name that its sender gives it (`Content-Disposition`), or the end of its address.
 * Without folders and control characters; never empty. For people to read: no file is to be called so.
 */
export function remoteFileName(url: URL, disposition: string | undefined): string {
  const name = clean(nameIn(disposition ?? '')) || clean(percentDecoded(url.pathname));
  return name || NAMELESS;
}

/** https://www.rfc-editor.org/rfc/rfc6266 */
function nameIn(disposition: string): string {
  const extended = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  if (extended !== undefined) return percentDecoded(extended);
  const quoted = /;\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  const plain = /;\s*filename\s*=\s*([^;"\s]+)/i.exec(disposition)?.[1];
  return utf8(quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '');
}

/** Headers are read as Latin-1, and many senders write UTF-8. */
function utf8(text: string): string {
  const decoded = Buffer.from(text, 'latin1').toString('utf8');
  return decoded.includes('\uFFFD') ? text : decoded;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function clean(text: string): string {
  const name = text.split(/[\\/]/).at(-1) ?? '';
  const readable = name.replace(/\p{C}/gu, '').trim();
  return /^\.*$/.test(readable) ? '' : [...readable].slice(0, MAX_LENGTH).join('');
}
