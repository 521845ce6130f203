type FieldValue = string | FieldValue[] | { [name: string]: FieldValue };

/**
 * Text fields are parsed as latin1, which keeps every byte, because a recording sent without a file name arrives as a
 * text field. This reads the bytes of all the others as what they are: UTF-8.
 */
export function fieldsAsText(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return asText(fields as FieldValue) as Record<string, unknown>;
}

function asText(value: FieldValue): FieldValue {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return value.map(asText);
  // No prototype, as multer makes them: a field may be called `__proto__`.
  const copy: { [name: string]: FieldValue } = Object.create(null);
  for (const [name, inner] of Object.entries(value)) copy[name] = asText(inner);
  return copy;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(latin1: string): string {
  const bytes = Buffer.from(latin1, 'latin1');
  // A part that declared a charset of its own has been decoded already.
  if (bytes.toString('latin1') !== latin1) return latin1;
  try {
    return utf8.decode(bytes);
  } catch {
    return latin1;
  }
}
