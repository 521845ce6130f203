import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** One file of the page, and what the build has compressed of it. */
export type PageFile = {
  readonly contentType: string;
  readonly body: Buffer;
  readonly brotli?: Buffer;
  readonly gzip?: Buffer;
};

/** The page as it was built, in memory: it is small, and disks may be slow or full. */
export type PageFiles = {
  readonly markup: PageFile;
  /** What it consists of, by names that change with the contents. */
  readonly assets: ReadonlyMap<string, PageFile>;
};

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** Reads the page from the folder of its build; undefined where it has not been built. */
export async function readPage(folder: string): Promise<PageFiles | undefined> {
  try {
    const markup = await readPageFile(join(folder, 'index.html'));
    const names = await readdir(join(folder, 'assets'));
    const wanted = names.filter((name) => extname(name) in CONTENT_TYPES);
    const files = wanted.map(
      async (name) => [name, await readPageFile(join(folder, 'assets', name))] as const,
    );
    return { markup, assets: new Map(await Promise.all(files)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readPageFile(path: string): Promise<PageFile> {
  const [body, brotli, gzip] = await Promise.all([
    readFile(path),
    readIfThere(`${path}.br`),
    readIfThere(`${path}.gz`),
  ]);
  return {
    contentType: CONTENT_TYPES[extname(path)] ?? 'application/octet-stream',
    body,
    ...(brotli && { brotli }),
    ...(gzip && { gzip }),
  };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
