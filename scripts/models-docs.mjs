import { join } from 'node:path';
import { writeOrCheck } from './lib/generated-file.mjs';
import { prepare } from './lib/prepare.mjs';
import { projectRoot } from './lib/project.mjs';

/** `npm run docs`: docs/models.md from models/catalogue.json; `npm run docs:check` says whether it is current. */
await prepare();
const { loadCatalogue } = await import('../dist/services/model-manager/catalogue.js');
const { languageName } = await import('../dist/utils/languages/languages.js');

const { entries, families } = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));

const TESTED = {
  'real-weights': 'real weights',
  'same-layout': 'real weights of another size',
  'tiny-model': 'a small model of the same inputs and outputs',
  no: 'not',
};
const OTHER_TASKS = {
  vad: 'Where there is speech',
  'speaker-segmentation': 'Who speaks when',
  'speaker-embedding': 'Voices',
  punctuation: 'Punctuation and capitals',
  denoise: 'Noise',
  vocals: 'Voices from music',
};

const cell = (text) => text.replaceAll('|', '\\|');
const table = (header, rows) =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const yes = (is) => (is ? 'yes' : '');
const size = ({ bytes, conversion }) => {
  if (bytes !== undefined) return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
  return conversion === undefined ? 'not known' : 'by hand';
};
const links = ({ links: { model, files } }) =>
  [model && `[model](${model})`, files && `[files](${files})`].filter(Boolean).join(', ');
const licence = ({ licence: name, notice }) => (notice ? `${name} [!](#licences)` : name);

const lists = new Map();
/** Long lists of languages stand once, below the tables. */
function languages({ languages: codes }) {
  if (codes.length <= 10) return codes.join(' ') || 'any';
  const list = codes.toSorted().join(' ');
  const known = lists.get(list) ?? { number: lists.size + 1, codes };
  lists.set(list, known);
  return `[${codes.length} languages](#languages-${known.number})`;
}

function recogniserRow(entry) {
  const { id, capabilities: can, limits, tested } = entry;
  return [
    `\`${id}\``,
    languages(entry),
    yes(can.wordTimes),
    yes(can.languageDetection),
    yes(can.translation),
    yes(can.punctuation),
    [can.hotwords && 'keywords', can.prompt && 'prompt'].filter(Boolean).join(', '),
    yes(can.inverseNormalisation),
    yes(can.streaming),
    limits.maxSegmentSeconds ? `${limits.maxSegmentSeconds} s` : '',
    size(entry),
    licence(entry),
    TESTED[tested],
    links(entry),
  ].map(cell);
}

const RECOGNISER_HEADER = [
  'model',
  'languages',
  'word times',
  'says the language',
  'translates',
  'punctuation',
  'reads',
  'figures on request',
  'streaming',
  'segments up to',
  'size',
  'licence',
  'tested with',
  'links',
];

const recognisers = entries.filter(({ task }) => task === 'asr');
const sections = families.flatMap(({ id, title, text }) => {
  const members = recognisers.filter(({ family }) => family === id);
  if (members.length === 0) return [];
  const rows = table(RECOGNISER_HEADER, members.map(recogniserRow));
  return [`### ${title}\n\nFamily \`${id}\`. ${text}\n\n${rows}`];
});

const others = Object.entries(OTHER_TASKS).map(([task, title]) => {
  const rows = entries
    .filter((entry) => entry.task === task)
    .map((entry) =>
      [
        `\`${entry.id}\``,
        entry.name,
        languages(entry),
        size(entry),
        licence(entry),
        TESTED[entry.tested],
        links(entry),
      ].map(cell),
    );
  const header = ['model', 'what', 'languages', 'size', 'licence', 'tested with', 'links'];
  return `### ${title}\n\n${table(header, rows)}`;
});

const notices = entries
  .filter(({ notice }) => notice)
  .map(({ id, notice }) => `- \`${id}\`: ${notice}`);
const byHand = entries
  .filter(({ conversion }) => conversion)
  .map(
    ({ id, conversion, files }) =>
      `- \`${id}\` (${files.map(({ path }) => `\`${path}\``).join(', ')}): ${conversion}`,
  );
const languageLists = () =>
  [...lists.values()].map(
    ({ number, codes }) =>
      `### Languages ${number}\n\n${codes.map((code) => `${languageName(code)} (\`${code}\`)`).join(', ')}.`,
  );

writeOrCheck({
  path: 'docs/models.md',
  command: 'npm run docs',
  text: `# Models

<!-- Made by \`npm run docs\` from models/catalogue.json and scripts/models-docs.mjs. Change it there. -->

\`./bin/whosaid models list\` shows what is installed, \`models info <id>\` all that is known of one, \`models pull <id>\` fetches
one with what it requires. Everything fetched is compared with the size and SHA-256 of the catalogue; where it has none, the
first file seen is pinned and must stay as it was. A request takes a model by its id in \`model\`.

*Word times* are the model's own; without them, the words of a segment share its time by their length. *Says the language*:
it tells which language it heard; a model of several languages that does not is told one in \`language\`, or finds it without
telling. *Translates*: into English. *Punctuation*: it writes punctuation and capitals by itself. *Reads*: \`keywords\`
make it more likely to hear these words, \`prompt\` is text that it goes on from. *Figures on request*: numbers come in figures or
in words, as \`inverse_text_normalization\` says. *Segments up to*: recordings of any length are cut at pauses into segments no longer
than that. *Tested with* says how far a model was tried in this project: only what stands under *real weights* was heard
here, the others were loaded and run by the same engine with made models.

## Recognisers

${sections.join('\n\n')}

## Other models

${others.join('\n\n')}

## Licences

${notices.join('\n')}

## Models that nobody publishes

\`models pull\` of one of these says what is missing and where it belongs. [converting-models.md](converting-models.md) shows the
steps, and how to use a model of your own.

${byHand.join('\n')}

## Languages

Codes are those of ISO 639 (\`jw\` for Javanese, as Whisper has it); requests may give names as well.

${languageLists().join('\n\n')}
`,
});
