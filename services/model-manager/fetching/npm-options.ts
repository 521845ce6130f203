import { dirname, resolve } from 'node:path';
import Config from '@npmcli/config';
import definitions from '@npmcli/config/lib/definitions/index.js';

/** npm's settings in the shape that npm's own libraries take: registry, proxy, certificates, credentials, cache … */
export type NpmOptions = Readonly<Record<string, unknown>>;

export type NpmOptionsRequest = {
  /** Environment variables: `npm_config_*`, HOME, the proxy variables. Not changed. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder whose `.npmrc` counts as the project's. */
  readonly projectFolder: string;
};

/**
 * Reads the user's npm configuration as npm itself would: environment, project, user and global `.npmrc`. So models
 * come from wherever packages come from, under `npm start` and when the command line is started directly.
 */
export async function loadNpmOptions({
  environment,
  projectFolder,
}: NpmOptionsRequest): Promise<NpmOptions> {
  const config = new Config({
    definitions: definitions.definitions,
    shorthands: definitions.shorthands,
    flatten: definitions.flatten,
    // npm's own folder may hold a built-in npmrc (distributions use it).
    npmPath: npmFolder(environment),
    // A copy: loading writes derived settings back into the environment it was given.
    env: { ...environment } as NodeJS.ProcessEnv,
    argv: [],
    cwd: projectFolder,
    execPath: process.execPath,
    platform: process.platform,
  });
  await config.load();
  return { ...config.flat };
}

function npmFolder(environment: NpmOptionsRequest['environment']): string {
  const running = environment.npm_execpath;
  if (running) return resolve(dirname(running), '..');
  const nodeFolder = dirname(process.execPath);
  return process.platform === 'win32'
    ? resolve(nodeFolder, 'node_modules/npm')
    : resolve(nodeFolder, '../lib/node_modules/npm');
}
