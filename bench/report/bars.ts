import { markdownTable } from './markdown-table.js';

/** A figure with the limit it has to keep. `value` is undefined where it could not be measured. */
export type Bar = {
  readonly what: string;
  readonly value: number | undefined;
  readonly limit: { readonly atMost: number } | { readonly atLeast: number };
  readonly unit?: string;
  /** Digits after the point. Default 2. */
  readonly digits?: number;
};

/** Whether the unrounded figure keeps its limit; undefined when there is none. */
export function isMet({ value, limit }: Bar): boolean | undefined {
  if (value === undefined || Number.isNaN(value)) return undefined;
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
}

/** The figures beside their limits as a Markdown table. */
export function barTable(bars: readonly Bar[]): string {
  return markdownTable(
    ['figure', 'measured', 'bar', ''],
    bars.map((bar) => {
      const met = isMet(bar);
      const { limit } = bar;
      const sign =
        'atMost' in limit ? `<= ${shown(bar, limit.atMost)}` : `>= ${shown(bar, limit.atLeast)}`;
      const verdict = met === undefined ? 'not measured' : met ? 'met' : '**not met**';
      return [
        bar.what,
        met === undefined ? '–' : shown(bar, bar.value ?? Number.NaN),
        sign,
        verdict,
      ];
    }),
  );
}

function shown({ unit = '', digits = 2 }: Bar, value: number): string {
  return Number.isNaN(value) ? '–' : `${value.toFixed(digits)}${unit}`;
}
