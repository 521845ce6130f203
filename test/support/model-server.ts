import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { create } from 'tar';

export type ModelServer = {
  /** `http://127.0.0.1:…`, without a slash at the end. */
  readonly url: string;
  /** Paths that were asked for, with the Range header where there was one. */
  readonly requests: string[];
  /** Serves `content` at `/files/<name>`, with Range support unless `ignoresRange`. */
  addFile(name: string, content: Buffer, behaviour?: FileBehaviour): void;
  /** Serves a package of these files as an npm registry does; returns its integrity and size. */
  addPackage(
    nameAndVersion: string,
    files: Readonly<Record<string, Buffer>>,
    behaviour?: FileBehaviour,
  ): Promise<{ integrity: string; tarballBytes: number }>;
  close(): Promise<void>;
};

export type FileBehaviour = {
  /** Cuts the connection after so many bytes, in each of the first `cuts` answers (default: all). */
  readonly cutAfterBytes?: number;
  readonly cuts?: number;
  /** Sends the first half and then nothing, for ever. */
  readonly stalls?: boolean;
  /** Answers every request with the whole file. */
  readonly ignoresRange?: boolean;
  /** Answers with this status and no content. */
  readonly status?: number;
};

type Route = { content: Buffer; type: string; behaviour: FileBehaviour; answers: number };

/** A server on loopback that breaks downloads the way real ones break. */
export async function startModelServer(): Promise<ModelServer> {
  const routes = new Map<string, Route>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '/');
    requests.push([path, request.headers.range].filter(Boolean).join(' '));
    const route = routes.get(path);
    if (route) answer(route, request, response);
    else response.writeHead(404).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const add = (path: string, content: Buffer, type: string, behaviour: FileBehaviour = {}) =>
    routes.set(path, { content, type, behaviour, answers: 0 });
  return {
    url,
    requests,
    addFile: (name, content, behaviour) =>
      void add(`/files/${name}`, content, 'application/octet-stream', behaviour),
    async addPackage(nameAndVersion, files, behaviour) {
      const at = nameAndVersion.lastIndexOf('@');
      const [name, version] = [nameAndVersion.slice(0, at), nameAndVersion.slice(at + 1)];
      const tarball = await pack(files, { name, version });
      const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
      const tarballPath = `/${name}/-/package-${version}.tgz`;
      const dist = { tarball: url + tarballPath, integrity };
      const packument = {
        name,
        'dist-tags': { latest: version },
        versions: { [version]: { name, version, dist } },
      };
      add(`/${name}`, Buffer.from(JSON.stringify(packument)), 'application/json');
      add(tarballPath, tarball, 'application/octet-stream', behaviour);
      return { integrity, tarballBytes: tarball.length };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(route: Route, request: IncomingMessage, response: ServerResponse): void {
  const { content, type, behaviour } = route;
  route.answers += 1;
  if (behaviour.status) return void response.writeHead(behaviour.status).end();
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  const from = range && !behaviour.ignoresRange ? Number(range[1]) : 0;
  if (from >= content.length) return void response.writeHead(416).end();
  response.writeHead(from > 0 ? 206 : 200, {
    'content-type': type,
    'content-length': content.length - from,
    ...(from > 0 && {
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
    }),
  });
  if (behaviour.stalls) return void response.write(content.subarray(from, content.length / 2));
  const { cutAfterBytes, cuts = Number.POSITIVE_INFINITY } = behaviour;
  if (cutAfterBytes === undefined || route.answers > cuts)
    return void response.end(content.subarray(from));
  response.write(content.subarray(from, from + cutAfterBytes), () =>
    setTimeout(() => response.destroy(), 20),
  );
}

async function pack(
  files: Readonly<Record<string, Buffer>>,
  manifest: { name: string; version: string },
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-pack-'));
  try {
    const all = { 'package.json': Buffer.from(JSON.stringify(manifest)), ...files };
    for (const [path, content] of Object.entries(all)) {
      const to = join(folder, 'package', path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, content);
    }
    const file = join(folder, 'package.tgz');
    // Without times, the same files make the same bytes, and so the same integrity, whenever they are packed.
    const likeAnyOther = { portable: true, noMtime: true };
    await create({ gzip: true, cwd: folder, file, ...likeAnyOther }, ['package']);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
