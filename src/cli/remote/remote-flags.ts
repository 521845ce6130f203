import type { Command } from 'commander';
import { UsageError } from '../report-failure.js';

/** The options about a server as commander reads them. */
export type RemoteFlags = {
  readonly server?: string;
  readonly apiKey?: string;
  readonly apiKeyFile?: string;
  readonly recursive?: boolean;
  readonly watch?: boolean;
  readonly jobs?: string;
  readonly force?: boolean;
  readonly summary?: string;
};

/** What the command line says about the server that does the work. */
export type RemoteWishes = {
  /** Without a slash at its end and without `/v1`. */
  readonly server: string;
  readonly apiKey?: string | undefined;
  readonly apiKeyFile?: string | undefined;
  /** Folders are taken with all that is in them. */
  readonly isRecursive: boolean;
  /** Goes on with what comes into the folders, until it is stopped. */
  readonly isWatching: boolean;
  /** Jobs at the same time. */
  readonly jobs: number;
  /** What is finished is done again. */
  readonly isForced: boolean;
  /** File that is told in JSON what came of each recording. */
  readonly summary?: string | undefined;
};

const DEFAULT_JOBS = 4;
const MAX_JOBS = 64;

export function addRemoteOptions(command: Command): Command {
  return command
    .option('--server <url>', 'let a server do the work, as jobs that survive its restarts')
    .option('--api-key <key>', 'with --server: its key')
    .option('--api-key-file <file>', 'with --server: file with its key, which others cannot read')
    .option('-r, --recursive', 'with --server: take folders, with all recordings in them')
    .option('-w, --watch', 'with --server: go on with recordings that come into the folders')
    .option('--jobs <number>', 'with --server: jobs at a time', String(DEFAULT_JOBS))
    .option('--force', 'with --server: do again what is finished')
    .option('--summary <file>', 'with --server: write what came of each file, as JSON');
}

/**
 * Undefined where no server is named.
 * @throws UsageError for values that make no sense, and for options that need a server where none is named
 */
export function readRemoteFlags(flags: RemoteFlags): RemoteWishes | undefined {
  const { server, apiKey, apiKeyFile, summary } = flags;
  if (server === undefined) {
    refuseWithoutServer(flags);
    return undefined;
  }
  if (apiKey !== undefined && apiKeyFile !== undefined) {
    throw new UsageError('--api-key and --api-key-file are two keys. Leave one out.');
  }
  return {
    server: readServer(server),
    apiKey,
    apiKeyFile,
    isRecursive: flags.recursive === true || flags.watch === true,
    isWatching: flags.watch === true,
    jobs: readJobs(flags.jobs ?? String(DEFAULT_JOBS)),
    isForced: flags.force === true,
    summary,
  };
}

function refuseWithoutServer(flags: RemoteFlags): void {
  const needing = {
    '--api-key': flags.apiKey,
    '--api-key-file': flags.apiKeyFile,
    '--recursive': flags.recursive,
    '--watch': flags.watch,
    '--force': flags.force,
    '--summary': flags.summary,
  };
  const [name] = Object.entries(needing).find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return;
  throw new UsageError(
    `${name} belongs to --server. Add --server http://127.0.0.1:8000, or the address of yours.`,
  );
}

function readServer(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '') {
    return (url.origin + url.pathname).replace(/\/+$/, '').replace(/\/v1$/, '');
  }
  throw new UsageError(
    `--server is ${JSON.stringify(text)}; expected an address such as http://127.0.0.1:8000, without a user name.`,
  );
}

function readJobs(text: string): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= MAX_JOBS) return value;
  throw new UsageError(
    `--jobs is ${JSON.stringify(text)}; expected a whole number from 1 to ${MAX_JOBS}.`,
  );
}
