import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { parse as parseYaml } from 'yaml';
import { projectRoot } from '#config/root.js';

const FOLDER = join(projectRoot, 'docs', 'monitoring');

export type Matcher = { readonly label: string; readonly operator: string; readonly text: string };

/** An expression of an alert or a panel, taken apart. */
export type Expression = {
  /** Where it stands. */
  readonly where: string;
  readonly selectors: readonly { readonly metric: string; readonly matchers: readonly Matcher[] }[];
  /** Labels of `by`, `on` and the like. */
  readonly grouped: readonly string[];
  /** Labels that the text around it is filled with. */
  readonly shown: readonly string[];
};

/** Alert rules; fails where one lacks what an alert needs. */
export async function alertExpressions(): Promise<Expression[]> {
  const { groups } = parseYaml(await readFile(join(FOLDER, 'prometheus-rules.yaml'), 'utf8'));
  return groups.flatMap(({ rules }: { rules: Record<string, unknown>[] }) =>
    rules.map(({ alert, expr, for: pending = '0m', labels, annotations, ...rest }) => {
      assert.match(String(alert), /^Whosaid[A-Z]\w+$/);
      assert.match(String(pending), /^\d+[smh]$/);
      assert.match((labels as { severity: string }).severity, /^(critical|warning)$/);
      assert.deepEqual(Object.keys(annotations as object), ['summary', 'description']);
      assert.deepEqual(rest, {});
      const shown = labelsShown(JSON.stringify(annotations), /\$labels\.(\w+)/g);
      return { ...takeApart(String(expr), String(alert)), shown };
    }),
  );
}

type Panel = {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly uid: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
};

/** What the panels of the dashboard ask for; fails where one does not use the data source that is chosen there. */
export async function dashboardExpressions(): Promise<Expression[]> {
  const { panels, templating }: { panels: Panel[]; templating: { list: { name: string }[] } } =
    JSON.parse(await readFile(join(FOLDER, 'grafana-dashboard.json'), 'utf8'));
  const variables = templating.list.map(({ name }) => name);
  assert.deepEqual(variables, ['datasource', 'instance']);
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  return panels.flatMap(({ type, title, datasource, targets = [] }) => {
    if (type === 'row') return [];
    assert.match(datasource?.uid ?? '', /^\$\{datasource\}$/, title);
    assert.ok(targets.length > 0, title);
    return targets.map(({ expr, legendFormat }) => {
      const filled = expr.replaceAll('$__rate_interval', '5m').replaceAll('"$instance"', '".*"');
      const shown = labelsShown(legendFormat, /\{\{(\w+)\}\}/g);
      return { ...takeApart(filled, `panel ${title}`), shown };
    });
  });
}

/** The rows of the table of metrics, by name. */
export async function documentedMetrics(): Promise<
  Map<string, { type: string; labels: string; help: string }>
> {
  const text = await readFile(join(FOLDER, 'metrics.md'), 'utf8');
  const rows = text.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) \| (.+) \|$/gm);
  return new Map(
    [...rows].map(([, name = '', type = '', labels = '', help = '']) => [
      name,
      { type, labels: labels.replaceAll('`', ''), help },
    ]),
  );
}

function labelsShown(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, label = '']) => label);
}

/** Fails at what is no PromQL. */
function takeApart(expr: string, where: string): Omit<Expression, 'shown'> {
  const selectors: { metric: string; matchers: Matcher[] }[] = [];
  const grouped: string[] = [];
  const tree = parser.parse(expr);
  tree.iterate({
    enter({ name, type, from, to, node }) {
      assert.ok(!type.isError, `${where}: no PromQL at ${from} of ${expr}`);
      const text = expr.slice(from, to);
      if (name === 'VectorSelector') selectors.push({ metric: '', matchers: [] });
      const selector = selectors.at(-1);
      if (name === 'Identifier' && selector) selector.metric = text;
      if (name === 'UnquotedLabelMatcher') {
        const [, label = '', operator = '', quoted = '""'] =
          /^(\w+)\s*(=~|!~|!=|=)\s*(".*")$/s.exec(text) ?? [];
        selector?.matchers.push({ label, operator, text: JSON.parse(quoted) });
      }
      if (name === 'GroupingLabels') {
        const labels = node.getChildren('LabelName');
        grouped.push(...labels.map((label) => expr.slice(label.from, label.to)));
      }
    },
  });
  return { where, selectors, grouped };
}
