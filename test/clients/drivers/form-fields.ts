import type { FieldValue } from '../call.js';

/** Fields as most clients write them into a form: `name`, `name[]` once for each item, `name[member]`. */
export function formFields(fields: Readonly<Record<string, FieldValue>>): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (isList(value)) return value.map((item) => [`${name}[]`, item]);
    if (typeof value !== 'object') return [[name, String(value)]];
    return Object.entries(value).map(([member, each]) => [`${name}[${member}]`, String(each)]);
  });
}

function isList(value: FieldValue): value is readonly string[] {
  return Array.isArray(value);
}
