import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a container may use; a field is absent where nothing limits it. */
export type CgroupLimits = {
  /** Processors' worth of time, for example 1.5. */
  readonly cores?: number;
  readonly memoryBytes?: number;
};

/** Version 1 says "no limit" with the largest number of pages that it can count. */
const UNLIMITED_BYTES = 2 ** 60;

/**
 * The limits of the control group that this process is in and of those around it, of version 2 or 1
 * (https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/). Which processors
 * may be used (cpuset) is not among them: `os.availableParallelism` knows that.
 *
 * @param root Where `proc` and `sys` are. None there, as on other systems: no limits.
 */
export function readCgroupLimits(root = '/'): CgroupLimits {
  const groups = groupFolders(root);
  const cores = smallest(groups.flatMap((folder) => [coresOfV2(folder), coresOfV1(folder)]));
  const memoryBytes = smallest(
    groups.flatMap((folder) => [
      numberIn(join(folder, 'memory.max')),
      numberIn(join(folder, 'memory.limit_in_bytes')),
    ]),
  );
  return {
    ...(cores !== undefined && { cores }),
    ...(memoryBytes !== undefined && memoryBytes < UNLIMITED_BYTES && { memoryBytes }),
  };
}

/** Every folder that may hold a limit of this process: its groups, and those around each. */
function groupFolders(root: string): string[] {
  const mount = join(root, 'sys', 'fs', 'cgroup');
  const lines = textOf(join(root, 'proc', 'self', 'cgroup')).split('\n');
  const folders = lines.flatMap((line) => {
    // `0::/path` in version 2, `4:cpu,cpuacct:/path` in version 1.
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const mounts = [controllers, ...controllers.split(',')].map((name) => join(mount, name));
    return mounts.flatMap((each) => upwards(each, path));
  });
  return [...new Set(folders)];
}

/** In a container the path may be that outside of it: then only the top folder is there. */
function upwards(mount: string, path: string): string[] {
  const parts = [join(mount, path)];
  for (let at = path; at !== '/' && at !== '.'; ) {
    at = dirname(at);
    parts.push(join(mount, at));
  }
  return parts;
}

function coresOfV2(folder: string): number | undefined {
  const [quota, period] = textOf(join(folder, 'cpu.max')).trim().split(' ').map(Number);
  return share(quota, period);
}

function coresOfV1(folder: string): number | undefined {
  return share(
    numberIn(join(folder, 'cpu.cfs_quota_us')),
    numberIn(join(folder, 'cpu.cfs_period_us')),
  );
}

/** Version 2 writes `max` and version 1 -1 where there is no limit. */
function share(quota: number | undefined, period: number | undefined): number | undefined {
  return quota !== undefined && period !== undefined && quota > 0 && period > 0
    ? quota / period
    : undefined;
}

function numberIn(path: string): number | undefined {
  const text = textOf(path).trim();
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function smallest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}
