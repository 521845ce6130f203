import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assertFfmpegFlags, ffmpegNotice } from './lib/ffmpeg-licence.mjs';
import { writeOrCheck } from './lib/generated-file.mjs';
import { installedPackages } from './lib/licences.mjs';
import { projectRoot } from './lib/project.mjs';

/**
 * `npm run notices`: THIRD_PARTY_NOTICES.md from the lock file, the installed packages and the model catalogue;
 * `npm run notices:check` says whether it is current. Packages that npm installs on some platforms only are listed
 * from the lock file, so that the result is the same everywhere.
 */
const COPYRIGHT = /^\s*(portions )?copyright\b.*(\d|©|\(c\)|reserved)/i;
const TITLE = /^\W*(the )?(MIT|ISC)( License)?( \(MIT\))?\W*$/i;

const packages = installedPackages();
assertFfmpegFlags();

const byTerms = new Map();
for (const entry of packages) {
  if (entry.text === undefined) continue;
  const key = termsOf(entry.text).replace(/\s+/g, ' ');
  byTerms.set(key, [...(byTerms.get(key) ?? []), entry]);
}
const withoutText = packages.filter((entry) => entry.text === undefined);

writeOrCheck({
  path: 'THIRD_PARTY_NOTICES.md',
  command: 'npm run notices',
  text: `# Third-party notices

<!-- Made by \`npm run notices\`. -->

whosaid itself is under the MIT licence (LICENSE). It contains or, when it is installed, fetches the work of others.

${ffmpegNotice}
## Models

${modelLines().join('\n')}

## Packages used at run time

| package | version | licence |
|---|---|---|
${packages.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`).join('\n')}

### Licence texts

${[...byTerms.values()].map(textBlock).join('\n')}
### Packages without a licence file

These state their licence in their description only, or are installed on some platforms only:
${withoutText.map(({ name, licence }) => `${name} (${licence})`).join(', ')}.
`,
});

/** Packages under the same words: each with its own copyright lines, then the words once. */
function textBlock(entries) {
  const names = entries.map(({ name, version, text }) => {
    const holders = copyrightLines(text).map(
      (line) => `\n  - ${line.trim().replaceAll('<', '&lt;')}`,
    );
    return `- ${name} ${version}${holders.join('')}`;
  });
  // Four backticks: some licence files hold Markdown fences themselves.
  return `${names.join('\n')}\n\n\`\`\`\`text\n${termsOf(entries[0].text).trim()}\n\`\`\`\`\n`;
}

/** Lines at the start of a line that name who holds the rights, in licences short enough to be all their own. */
function copyrightLines(text) {
  return isShort(text) ? text.split('\n').filter((line) => COPYRIGHT.test(line)) : [];
}

function termsOf(text) {
  if (!isShort(text)) return text;
  const lines = text.split('\n').filter((line) => !COPYRIGHT.test(line) && !TITLE.test(line));
  return lines.join('\n');
}

/** Long licences (Apache, MPL) speak of copyright within their terms. */
function isShort(text) {
  return text.length < 3000;
}

function modelLines() {
  const catalogue = JSON.parse(readFileSync(join(projectRoot, 'models', 'catalogue.json'), 'utf8'));
  return catalogue.models.map(
    ({ id, name, licence, origin }) => `- **${name}** (\`${id}\`): ${licence}; ${origin}`,
  );
}
