import type { GoodFile, HostileFile } from './hostile-file.js';

/** Names, and how to make what is called so. Some take a second and megabytes: made only if they are wanted. */
export type Recipes = Readonly<Record<string, () => Buffer>>;

/** Whole files by name; throws if there is none. */
export type Good = (name: string) => Buffer;

export function goodOf(files: readonly GoodFile[]): Good {
  return (name) => {
    const file = files.find((each) => each.name === name);
    if (file === undefined) throw new Error(`no whole file is called ${name}`);
    return file.bytes;
  };
}

/** Files of one family, each made when its bytes are asked for. */
export function* fromRecipes(family: string, recipes: Recipes): Generator<HostileFile> {
  for (const [name, make] of Object.entries(recipes)) {
    yield {
      family,
      name,
      get bytes() {
        return make();
      },
    };
  }
}

export function concat(...pieces: readonly Buffer[]): Buffer {
  return Buffer.concat(pieces);
}

/** So many pieces, one behind the other. */
export function many(count: number, piece: (number: number) => Buffer): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, number) => piece(number)));
}
