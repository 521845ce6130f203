import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.mjs';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([-._].*)?$/i;

/** Licences of packages that state none in their description; read in the files named. */
const READ_BY_HAND = {
  busboy: 'MIT',
  streamsearch: 'MIT',
  '@shinyoshiaki/jspack': 'BSD-3-Clause',
};

/**
 * Every package that is used at run time, once per version, with its licence's name and text.
 * Packages for particular platforms come without text: which of them are there differs from machine to machine.
 * @returns {{ name: string, version: string, licence: string, text: string | undefined }[]}
 */
export function installedPackages() {
  const lock = JSON.parse(readFileSync(join(projectRoot, 'package-lock.json'), 'utf8'));
  const found = new Map();
  for (const [path, entry] of Object.entries(lock.packages)) {
    if (path === '' || entry.dev === true) continue;
    const name = path.split('node_modules/').at(-1);
    const platform = entry.os !== undefined || entry.cpu !== undefined || entry.libc !== undefined;
    found.set(`${name} ${entry.version}`, {
      name,
      version: entry.version,
      licence: entry.license ?? READ_BY_HAND[name] ?? unknownLicence(name),
      text: platform ? undefined : licenceText(join(projectRoot, path)),
    });
  }
  return [...found.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
}

function unknownLicence(name) {
  throw new Error(
    `The package ${name} states no licence. Read its files and add it to ${import.meta.url}.`,
  );
}

function licenceText(folder) {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder)
    .filter((name) => LICENCE_FILE.test(name))
    .sort();
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  const text = texts
    .join('\n')
    .replaceAll('\r\n', '\n')
    .replace(/[ \t]+$/gm, '')
    .trim();
  return text === '' ? undefined : text;
}
