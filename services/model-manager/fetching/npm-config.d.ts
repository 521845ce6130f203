// The published types cover the class only; these are npm's own definitions of its settings.
declare module '@npmcli/config/lib/definitions/index.js' {
  export const definitions: Record<string, never>;
  export const shorthands: Record<string, never>;
  export function flatten(settings: object, flat: Record<string, unknown>): void;
}
