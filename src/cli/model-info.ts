import type { Catalogue, ModelEntry } from '#services/model-manager/catalogue.js';
import type { Verification } from '#services/model-manager/store.js';
import { languageName } from '#utils/languages/languages.js';
import { formatMegabytes } from './progress.js';

const TESTED: Readonly<Record<ModelEntry['tested'], string>> = {
  'real-weights': 'with its own weights',
  'same-layout': 'with the weights of another size of it',
  'tiny-model': 'with a small model of the same inputs and outputs',
  no: 'not in this project',
};

export type ModelInfoOptions = {
  readonly catalogue: Pick<Catalogue, 'families'>;
  readonly verification: Verification;
  /** Where its files are or belong. */
  readonly folder: string;
};

/** All that the catalogue says of a model, and the state of its files: a line each. */
export function modelInfo(entry: ModelEntry, options: ModelInfoOptions): string {
  const { limits, links, conversion, notice } = entry;
  const family = options.catalogue.families.find(({ id }) => id === entry.family);
  const lines: [string, string | undefined][] = [
    ['name', entry.name],
    ['family', family ? `${entry.family}: ${family.title}. ${family.text}`.trim() : entry.family],
    ['task', entry.task],
    ['languages', entry.languages.map((code) => `${code} (${languageName(code)})`).join(', ')],
    ['can', entry.task === 'asr' ? abilities(entry) : undefined],
    ['segments', seconds(limits.maxSegmentSeconds)],
    ['takes', seconds(limits.inputSeconds)],
    [
      'size',
      entry.bytes === undefined ? 'not known before it is fetched' : formatMegabytes(entry.bytes),
    ],
    ['licence', entry.licence],
    ['notice', notice],
    ['origin', entry.origin],
    ['page', links.model],
    ['files from', links.files],
    ['tested', TESTED[entry.tested]],
    ['conversion', conversion],
    ['folder', options.folder],
    ...options.verification.files.map(({ path, state }): [string, string] => [
      'file',
      `${path}: ${state}`,
    ]),
  ];
  return [
    entry.id,
    ...lines.flatMap(([name, text]) => (text ? [`  ${name.padEnd(12)}${text}`] : [])),
  ].join('\n');
}

/** The names of its capabilities, in words. */
function abilities({ capabilities }: ModelEntry): string {
  const names = Object.entries(capabilities).filter(([, can]) => can);
  const words = names.map(([name]) =>
    name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
  );
  return words.join(', ');
}

function seconds(limit: number | undefined): string | undefined {
  return limit === undefined ? undefined : `at most ${limit} s`;
}
