const parents = new Set([
  '1a45dfa3',
  '18538067',
  '1549a966',
  '1654ae6b',
  'ae',
  'e1',
  '1f43b675',
  '114d9b74',
  '4dbb',
  '1254c367',
  '7373',
]);

export type EbmlElement = {
  /** The identifier in hexadecimal, as specifications print it. */
  readonly id: string;
  readonly sizeAt: number;
  readonly sizeBytes: number;
  readonly bodyAt: number;
};

/** Every element of a Matroska file, parents before their children. */
export function walkElements(bytes: Buffer, from = 0, to = bytes.length): EbmlElement[] {
  const elements: EbmlElement[] = [];
  for (let at = from; at < to; ) {
    const idBytes = lengthOf(bytes[at]);
    const sizeAt = at + idBytes;
    const sizeBytes = lengthOf(bytes[sizeAt]);
    const bodyAt = sizeAt + sizeBytes;
    if (idBytes > 4 || sizeBytes > 8 || bodyAt > to) break;
    const id = bytes.toString('hex', at, sizeAt);
    elements.push({ id, sizeAt, sizeBytes, bodyAt });
    const end = endOf(bytes, { sizeAt, sizeBytes, bodyAt, to });
    if (parents.has(id)) elements.push(...walkElements(bytes, bodyAt, end));
    at = end;
  }
  return elements;
}

/** Leading zero bits say how many bytes follow the first. */
function lengthOf(first = 0): number {
  return Math.clz32(first) - 23;
}

function endOf(
  bytes: Buffer,
  place: { sizeAt: number; sizeBytes: number; bodyAt: number; to: number },
): number {
  const { sizeAt, sizeBytes, bodyAt, to } = place;
  let size = BigInt(bytes[sizeAt] ?? 0) - (1n << BigInt(8 - sizeBytes));
  for (let i = 1; i < sizeBytes; i += 1) size = (size << 8n) | BigInt(bytes[sizeAt + i] ?? 0);
  const isUnknown = size === (1n << BigInt(7 * sizeBytes)) - 1n;
  return isUnknown ? to : Math.min(to, bodyAt + Number(size));
}

/** An element; its size always takes eight bytes, which any reader must take. */
export function element(id: string, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
}

/** A Matroska file with something more at the end of its segment, whose size becomes unknown. */
export function matroskaWith(bytes: Buffer, more: Buffer): Buffer {
  const segment = bytes.indexOf(Buffer.from('18538067', 'hex')) + 4;
  const copy = Buffer.concat([bytes, more]);
  Buffer.from('01ffffffffffffff', 'hex').copy(copy, segment);
  return copy;
}
