import type { ModelEntry, ModelFamily } from './catalogue-schema.js';

/** What a schema cannot see: relations between entries and between the fields of one. Returns all problems. */
export function catalogueProblems({
  models,
  families,
}: {
  readonly models: readonly ModelEntry[];
  readonly families: readonly ModelFamily[];
}): string[] {
  const byId = new Map(models.map((entry) => [entry.id, entry]));
  return [
    ...duplicates(families.map(({ id }) => id)).map((id) => `families: "${id}" is described twice`),
    ...duplicates(models.map((entry) => entry.id)).map(
      (id) => `models: the id "${id}" is used twice`,
    ),
    ...models.flatMap((entry) =>
      [
        ...sizeProblems(entry),
        ...fileProblems(entry),
        ...sourceProblems(entry),
        ...limitProblems(entry),
        ...requirementProblems(entry, byId),
      ].map((problem) => `model "${entry.id}": ${problem}`),
    ),
    ...packageProblems(models),
    ...defaultProblems(models),
  ];
}

function sizeProblems({ bytes, files }: ModelEntry): string[] {
  const isKnown = files.every((file) => file.bytes !== undefined);
  const sum = isKnown ? files.reduce((total, file) => total + (file.bytes ?? 0), 0) : undefined;
  return sum === bytes
    ? []
    : [`bytes is ${bytes ?? 'absent'}, but its files add up to ${sum ?? 'an unknown size'}`];
}

function fileProblems({ files }: ModelEntry): string[] {
  const twice = duplicates(files.map((file) => file.path)).map(
    (path) => `the file "${path}" is listed twice`,
  );
  // Bundled files are used where they lie, so all of one model must lie in one folder under their own names.
  const folders = new Set<string>();
  const misnamed: string[] = [];
  for (const file of files)
    for (const source of file.sources) {
      if (source.kind !== 'bundled') continue;
      if (source.path.endsWith(`/${file.path}`))
        folders.add(source.path.slice(0, -file.path.length));
      else misnamed.push(`the bundled path "${source.path}" must end with "/${file.path}"`);
    }
  return [
    ...twice,
    ...misnamed,
    ...(folders.size > 1 ? ['its bundled files must lie in one folder'] : []),
  ];
}

/** Files come from somewhere, or the entry says how they are made. */
function sourceProblems({ files, conversion }: ModelEntry): string[] {
  return files.flatMap(({ path, sources }) => {
    if (sources.length > 0 && conversion !== undefined)
      return [`the file "${path}" has a source, but "conversion" says that nobody publishes it`];
    if (sources.length === 0 && conversion === undefined)
      return [`the file "${path}" has no source; expected one, or "conversion" in the model`];
    return [];
  });
}

function limitProblems({ limits: { maxSegmentSeconds, inputSeconds } }: ModelEntry): string[] {
  if (inputSeconds === undefined) return [];
  if (maxSegmentSeconds !== undefined && maxSegmentSeconds <= inputSeconds) return [];
  return [
    `limits.maxSegmentSeconds is ${maxSegmentSeconds ?? 'absent'}; expected at most limits.inputSeconds, ${inputSeconds}`,
  ];
}

function requirementProblems(entry: ModelEntry, byId: ReadonlyMap<string, ModelEntry>): string[] {
  const problems: string[] = [];
  for (const id of entry.requires) {
    const required = byId.get(id);
    if (!required) problems.push(`requires "${id}", which is not in the catalogue`);
    else if (required.requires.length > 0)
      problems.push(`requires "${id}", which itself requires models; one level is supported`);
  }
  if (entry.task === 'asr' && !entry.requires.some((id) => byId.get(id)?.task === 'vad'))
    problems.push('a recogniser must require a voice activity detector (task "vad")');
  return problems;
}

/** One package version has one integrity; two would mean that one of them is a typing error. */
function packageProblems(models: readonly ModelEntry[]): string[] {
  const seen = new Map<string, string>();
  const problems = new Set<string>();
  for (const source of models.flatMap((entry) => entry.files.flatMap((file) => file.sources))) {
    if (source.kind !== 'npm') continue;
    const known = seen.get(source.package);
    if (known !== undefined && known !== source.integrity)
      problems.add(`package "${source.package}" has two different integrities`);
    seen.set(source.package, source.integrity);
  }
  return [...problems];
}

function defaultProblems(models: readonly ModelEntry[]): string[] {
  const ids = models.filter((entry) => entry.task === 'asr' && entry.default).map(({ id }) => id);
  return ids.length === 1
    ? []
    : [
        `models: expected one recogniser with "default": true, found ${ids.length} (${ids.join(', ')})`,
      ];
}

function duplicates(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
