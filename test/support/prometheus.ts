import assert from 'node:assert/strict';

export type Sample = {
  /** With its suffix, where its metric is a histogram: `…_bucket`, `…_sum`, `…_count`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** A page of metrics as Prometheus reads it (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export type Scrape = {
  /** Metrics that are declared, with or without samples. */
  readonly types: ReadonlyMap<string, string>;
  /** What each is, in its own words. */
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
  /** Sum of the samples with this name that have these labels among theirs. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number;
};

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)/gy;

/** Reads every line of a page; fails at one that is none. */
export function parseScrape(page: string): Scrape {
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of page.split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (declared !== undefined && type !== undefined) {
      assert.ok(!types.has(declared), `declared twice: ${declared}`);
      types.set(declared, type);
      continue;
    }
    const [, helped, help] = /^# HELP (\S+) (.+)$/.exec(line) ?? [];
    if (helped !== undefined && help !== undefined) helps.set(helped, help);
    else if (line !== '') samples.push(parseSample(line));
  }
  const sum: Scrape['sum'] = (name, labels = {}) =>
    samples
      .filter((sample) => sample.name === name)
      .filter((sample) => Object.entries(labels).every(([key, is]) => sample.labels[key] === is))
      .reduce((total, { value }) => total + value, 0);
  return { types, helps, samples, sum };
}

function parseSample(line: string): Sample {
  const [, name, labelText = '', number] = SAMPLE.exec(line) ?? [];
  assert.ok(name !== undefined && number !== undefined, `not a sample: ${line}`);
  const found = [...labelText.matchAll(LABEL)];
  assert.equal(found.map(([whole]) => whole).join(''), labelText, `not labels: ${line}`);
  const value = number === 'Nan' ? Number.NaN : Number(number.replace('Inf', 'Infinity'));
  return { name, value, labels: Object.fromEntries(found.map(([, key, text]) => [key, text])) };
}
