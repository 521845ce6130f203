import type { Catalogue, ModelEntry } from '#services/model-manager/catalogue.js';
import type { StoredModel } from '#services/model-manager/store.js';
import { formatMegabytes } from './progress.js';

/** Every model by family, one line each: what is installed, its size, its languages and its licence. */
export function modelsList(
  models: readonly StoredModel[],
  { families }: Pick<Catalogue, 'families'>,
): string {
  const rows = new Map(models.map((model) => [model.entry.id, cells(model)]));
  const widths = columnWidths([...rows.values()]);
  return byFamily(models)
    .map(([id, members]) => {
      const title = families.find((family) => family.id === id)?.title;
      const there = members.filter(({ installed }) => installed).length;
      const lines = members.map(({ entry }) => line(rows.get(entry.id) ?? [], widths));
      const name = title === undefined ? id : `${title} (${id})`;
      return [`${name}: ${there} of ${members.length} installed`, ...lines].join('\n');
    })
    .join('\n\n');
}

/** Families in the order in which the first of each comes. */
function byFamily(models: readonly StoredModel[]): [string, StoredModel[]][] {
  const groups = new Map<string, StoredModel[]>();
  for (const model of models) {
    const { family } = model.entry;
    groups.set(family, [...(groups.get(family) ?? []), model]);
  }
  return [...groups];
}

function cells({ entry, installed }: StoredModel): string[] {
  return [
    entry.id,
    installed ? 'installed' : entry.conversion === undefined ? '-' : 'by hand',
    entry.bytes === undefined ? '?' : formatMegabytes(entry.bytes),
    entry.task === 'asr' ? shownLanguages(entry) : entry.task,
    entry.licence,
    entry.default ? 'default' : '',
  ];
}

/** Ninety languages make no table. */
function shownLanguages({ languages }: ModelEntry): string {
  return languages.length > 5 ? `${languages.length} languages` : languages.join(' ') || 'any';
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const columns = rows[0]?.length ?? 0;
  return Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
}

function line(row: readonly string[], widths: readonly number[]): string {
  const padded = row.map((cell, column) => cell.padEnd(widths[column] ?? 0));
  return `  ${padded.join('  ').trimEnd()}`;
}
