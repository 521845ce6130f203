import { writeOrCheck } from './lib/generated-file.mjs';
import { prepare } from './lib/prepare.mjs';

/** `npm run docs`: docs/settings.md from the schema in config/; `npm run docs:check` says whether it is current. */
await prepare();
const { aboutSetting, settingNames } = await import('../dist/config/settings.js');

const cell = (text) => text.replaceAll('|', '\\|');

const rows = settingNames.map((name) => {
  const { alias, expected, shownDefault, text } = aboutSetting(name);
  const also = alias === undefined ? '' : ` Also read from \`${alias}\`.`;
  const fallback = /^[\w.-]+$/.test(shownDefault) ? `\`${shownDefault}\`` : shownDefault;
  return `| \`${name}\` | ${cell(fallback)} | ${cell(expected)} | ${cell(text + also)} |`;
});

writeOrCheck({
  path: 'docs/settings.md',
  command: 'npm run docs',
  text: `# Settings

<!-- Made by \`npm run docs\` from config/definitions.ts. Change it there. -->

Settings are environment variables. Those that the environment leaves unset are read from a file \`.env\` in the clone
(\`NAME=value\` a line). An empty value counts as unset. All of them are checked when the server or a command starts, and
everything that is wrong is reported at once. Relative folders count from the clone.

| variable | default | values | meaning |
|---|---|---|---|
${rows.join('\n')}

\`./bin/whosaid serve\` takes \`--host\`, \`--port\` and \`--model\`, which win over both.
`,
});
