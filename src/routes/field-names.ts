/**
 * Gives lists their plain names: `name[][]`, where an SDK added brackets to a name that had some, and `name[]` as JSON
 * has it, are `name`. What was sent under several of these names is one list.
 */
export function withPlainNames(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain = new Map<string, unknown>();
  for (const [name, value] of Object.entries(fields)) {
    let bare = name;
    while (bare.endsWith('[]')) bare = bare.slice(0, -2);
    plain.set(bare, plain.has(bare) ? [plain.get(bare), value].flat() : value);
  }
  return Object.fromEntries(plain);
}
