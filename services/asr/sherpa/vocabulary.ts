import { readFile } from 'node:fs/promises';

/** What the tokens of a model are, read from its `tokens.txt`. */
export type Vocabulary = {
  /** Names as the file has them, by token id. */
  readonly names: ReadonlyMap<number, string>;
  /** Ids by name. */
  readonly ids: ReadonlyMap<string, number>;
  /** What each token adds to a text, in UTF-8; a token may end inside a character. A leading space begins a word. */
  readonly bytes: ReadonlyMap<number, Uint8Array>;
};

/** How names are written in the file: as they are, or as base64 of their bytes. */
export type VocabularyEncoding = 'plain' | 'base64';

/** SentencePiece's sign for a space (U+2581). */
const SPACE_SIGN = '▁';
/** Names in angle brackets are no text: `<blk>`, `<unk>`, `<|en|>`. */
const SPECIAL = /^<.+>$/;
/** One raw byte of a vocabulary with byte fallback. */
const RAW_BYTE = /^<0x([0-9A-F]{2})>$/;
/** What parts a line; other spaces of Unicode are tokens of their own in some vocabularies. */
const BLANKS = /[ \t\r\f\v]+/;
/** Token ids are told to sherpa and back as characters of the private planes 15 and 16. */
const FIRST_HIDDEN = 0xf_0000;
const MOST_TOKENS = 0x10_ffff - FIRST_HIDDEN;

/**
 * Reads lines of `name id`. A line of an id alone names the space, and one that begins with a space (NeMo's Canary) a
 * token that begins with one.
 *
 * @throws Error whose message says what is wrong with the file.
 */
export async function readVocabulary(
  path: string,
  encoding: VocabularyEncoding,
): Promise<Vocabulary> {
  const names = new Map<number, string>();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const fields = line.split(BLANKS).filter((field) => field !== '');
    if (fields.length === 0) continue;
    const [first, second, more] = fields;
    const [name, id] = second === undefined ? [' ', first] : [first as string, second];
    const isBegun = second !== undefined && line.startsWith(' ');
    if (more !== undefined || !/^\d+$/.test(id ?? ''))
      throw new Error('a line of it is not "token, its number"');
    if (names.has(Number(id))) throw new Error(`two of its lines have the number ${id}`);
    names.set(Number(id), isBegun ? `${SPACE_SIGN}${name}` : name);
  }
  if (names.size === 0) throw new Error('it is empty');
  if (Math.max(...names.keys()) > MOST_TOKENS) throw new Error('its numbers are too large');
  return {
    names,
    ids: new Map([...names].map(([id, name]) => [name, id])),
    bytes: encoding === 'base64' ? bytesFromBase64(names) : bytesFromNames(names),
  };
}

function bytesFromBase64(names: ReadonlyMap<number, string>): Map<number, Uint8Array> {
  return new Map([...names].map(([id, name]) => [id, withoutSpecial(Buffer.from(name, 'base64'))]));
}

function withoutSpecial(bytes: Buffer): Buffer {
  return SPECIAL.test(bytes.toString('utf8')) ? Buffer.alloc(0) : bytes;
}

function bytesFromNames(names: ReadonlyMap<number, string>): Map<number, Uint8Array> {
  const toBytes = isByteBpe(names) ? byteBpeBytes : (text: string) => Buffer.from(text);
  return new Map(
    [...names].map(([id, name]) => {
      const [, hex] = RAW_BYTE.exec(name) ?? [];
      if (hex !== undefined) return [id, Buffer.from(hex, 'hex')];
      if (SPECIAL.test(name)) return [id, Buffer.alloc(0)];
      return [id, toBytes(name.replaceAll(SPACE_SIGN, ' '))];
    }),
  );
}

/** Byte-level BPE (icefall): each character of a name stands for one byte. Such names end with U+01BF. */
function isByteBpe(names: ReadonlyMap<number, string>): boolean {
  let largest = 0;
  for (const name of names.values())
    for (const byte of Buffer.from(name.replaceAll(SPACE_SIGN, '')))
      largest = Math.max(largest, byte);
  return largest === 0xc6;
}

/** Bytes that are not printable ASCII are written as letters from U+0100 on that are their own normal form. */
const byteOfLetter: ReadonlyMap<string, number> = (() => {
  const letters = new Map<string, number>();
  let next = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    if (byte >= 0x20 && byte <= 0x7e) continue;
    while (String.fromCodePoint(next).normalize('NFKC') !== String.fromCodePoint(next)) next++;
    letters.set(String.fromCodePoint(next++), byte);
  }
  return letters;
})();

function byteBpeBytes(name: string): Uint8Array {
  return Uint8Array.from(name, (letter) => byteOfLetter.get(letter) ?? letter.charCodeAt(0));
}

/**
 * A vocabulary for sherpa in which each token's text is one private character that says its id. sherpa puts texts
 * together, drops bytes that are no whole character and changes spaces; from ids all of that is done right here, and
 * they can be given back to it as hotwords, which it takes apart character by character. Names in angle brackets stay:
 * sherpa looks some of them up.
 *
 * @param renamed Ids under another name than their own; who had that name gets theirs.
 */
export function hiddenVocabulary(
  { names, ids }: Vocabulary,
  encoding: VocabularyEncoding,
  renamed: ReadonlyMap<string, number> = new Map(),
): string {
  const changed = new Map(names);
  for (const [name, id] of renamed) {
    const holder = ids.get(name);
    const own = names.get(id);
    if (holder === undefined || own === undefined) continue;
    changed.set(holder, own);
    changed.set(id, name);
  }
  return [...changed]
    .map(([id, name]) => {
      const isNamed = encoding === 'plain' && SPECIAL.test(name) && !RAW_BYTE.test(name);
      const text = isNamed ? name : hiddenName(id);
      return `${encoding === 'base64' ? Buffer.from(text).toString('base64') : text} ${id}\n`;
    })
    .join('');
}

/** The private character that stands for a token. */
export function hiddenName(id: number): string {
  return String.fromCodePoint(FIRST_HIDDEN + id);
}

/** The token that sherpa means by a text of the hidden vocabulary. */
export function tokenOf(text: string, { ids }: Vocabulary): number | undefined {
  const code = text.codePointAt(0) ?? 0;
  return code >= FIRST_HIDDEN ? code - FIRST_HIDDEN : ids.get(text);
}
