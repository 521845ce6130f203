import type { z } from 'zod';

/** What is said about a setting besides its type: shown in docs/settings.md and in messages about wrong values. */
export type SettingAbout = {
  /** Name in `Settings`. */
  readonly field: string;
  /** Completes "expected …". */
  readonly expected: string;
  /** The default as the documentation shows it. */
  readonly shownDefault: string;
  readonly text: string;
  /** Another variable that is read when this one is not set. */
  readonly alias?: string;
  /** Its value is a secret: a message about a wrong one does not repeat it. */
  readonly isSecret?: boolean;
};

/** Joins type, default and documentation of one setting. A missing variable gives `fallback`. */
export function setting<Type extends z.ZodType<unknown, string>>(
  type: Type,
  { fallback, ...about }: SettingAbout & { fallback: z.output<Type> },
) {
  // `default` stops before the reader: the fallback is already a typed value.
  return type.default(() => fallback as never).meta({ ...about });
}
