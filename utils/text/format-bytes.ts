const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** A number of bytes for people: `640 MB`, `1.5 GB`, as the settings take them. */
export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const digits = power > 2 ? 1 : 0;
  return `${(bytes / 1000 ** power).toFixed(digits)} ${UNITS[power]}`;
}
