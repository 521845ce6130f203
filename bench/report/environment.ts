import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';

/** Packages whose version decides the figures. */
const packages = ['onnxruntime-node', 'sherpa-onnx-node', 'node-av'];

/** What a figure needs beside it to mean something: date, machine, versions. One Markdown list item a line. */
export function describeEnvironment(): string {
  const processors = cpus();
  const memoryGb = totalmem() / 2 ** 30;
  const versions = packages.map((name) => `${name} ${packageVersion(name)}`).join(', ');
  return [
    `- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, whosaid ${ownVersion()}`,
    `- ${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${memoryGb.toFixed(0)} GB, ${platform()} ${arch()} ${release()}`,
    `- Node ${process.versions.node}, ${versions}`,
    `- load average at the start: ${(loadavg()[0] ?? 0).toFixed(2)} (on a busy machine take ratios, not absolutes)`,
  ].join('\n');
}

function packageVersion(name: string): string {
  return readVersion(join(projectRoot, 'node_modules', name, 'package.json')) ?? 'not installed';
}

function ownVersion(): string {
  const version = readVersion(join(projectRoot, 'package.json')) ?? 'of unknown version';
  try {
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `${version} (${commit.trim()})`;
  } catch {
    // A copy without git history.
    return version;
  }
}

function readVersion(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}
