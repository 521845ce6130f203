const SIGNS = { works: '✔', fails: '✘', lacking: '–' };

/** What the committed page says of one cell, by its sign. */
const MEANINGS = Object.fromEntries(Object.entries(SIGNS).map(([result, sign]) => [sign, result]));

const INTRODUCTION = `# Compatibility

<!-- Made by \`npm run compatibility\` from what test/clients did. -->

Programs that were written for OpenAI's API, against a running gateway: each sign is the result of a test that carries
the row out with that client's own functions and looks at what the client hands back.

✔ works · ✘ fails · – the client has no such thing (the notes say why)
`;

/**
 * docs/compatibility.md from the results that test/clients wrote. A cell that could not be tried on this machine keeps
 * what the page said before.
 * @param {{ rows, clients }} results see test/clients/support/results.ts
 * @param {Record<string, string>} before `signsOf` the page as it is
 */
export function compatibilityPage(results, before = {}) {
  const { rows, clients } = results;
  const heads = clients.map(({ name, version }) => `${name} ${version}`);
  const groups = [...new Set(rows.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const lines = rows
      .filter((row) => row.group === group)
      .map((row) => tableLine([row.title, ...clients.map((client) => sign(client, row, before))]));
    return [
      `## ${group}\n`,
      tableLine(['', ...heads]),
      `|---|${':-:|'.repeat(heads.length)}`,
      ...lines,
    ].join('\n');
  });
  return `${[INTRODUCTION, ...tables.map((table) => `${table}\n`), notes(clients, rows)].join('\n')}`;
}

/** The sign of every cell of a page, by client and row without versions: what a check compares. */
export function signsOf(page, { rows, clients }) {
  const signs = {};
  let heads = [];
  let group = '';
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) group = line.slice(3);
    if (!line.startsWith('|')) continue;
    const [title, ...cells] = line.slice(2, -2).split(' | ');
    if (title === '') heads = cells;
    const row = rows.find((each) => each.group === group && each.title === title);
    for (const [at, cell] of row === undefined ? [] : cells.entries()) {
      const client = clientOf(heads[at] ?? '', clients);
      if (client !== undefined && cell in MEANINGS) signs[key(client, row)] = cell;
    }
  }
  return signs;
}

/** Whose column it is, by its head: a name and a version. One name may begin with another's. */
function clientOf(head, clients) {
  const named = clients.filter(({ name }) => head.startsWith(`${name} `));
  return named.sort((one, other) => other.name.length - one.name.length)[0];
}

/** Cells of which the page says something else than the results, in words. */
export function differences(page, results) {
  const before = signsOf(page, results);
  const cells = results.clients.flatMap((client) => results.rows.map((row) => [client, row]));
  const changed = cells
    .filter(([client, row]) => client.results[row.id] in SIGNS)
    .filter(([client, row]) => before[key(client, row)] !== SIGNS[client.results[row.id]])
    .map(([client, row]) => {
      const said = before[key(client, row)] ?? 'nothing';
      return `${client.name}, ${row.group}: ${row.title}: ${said}, now ${SIGNS[client.results[row.id]]}`;
    });
  const titles = new Set(results.rows.map(({ title }) => title));
  const gone = [...page.matchAll(/^\| ([^|]+?) \| [✔✘–]/gm)]
    .map(([, title]) => title)
    .filter((title) => !titles.has(title))
    .map((title) => `${title}: no test is about it any more`);
  return [...changed, ...gone];
}

function sign(client, row, before) {
  return SIGNS[client.results[row.id]] ?? before[key(client, row)] ?? '';
}

function key(client, row) {
  return `${client.id} ${row.id}`;
}

function tableLine(cells) {
  return `| ${cells.join(' | ')} |`;
}

/** Why clients lack what they lack, each reason once. */
function notes(clients, rows) {
  const lines = clients.flatMap(({ name, lacks }) =>
    [...new Set(Object.values(lacks))].map((reason) => {
      const what = rows.filter(({ id }) => lacks[id] === reason);
      const groups = [...new Set(what.map(({ group }) => group))];
      const shown = groups.map((group) => {
        const titles = what.filter((row) => row.group === group).map(shortTitle);
        return `${group.toLowerCase()}: ${[...new Set(titles)].join(', ')}`;
      });
      return `- ${name}: ${reason} (${shown.join('; ')}).`;
    }),
  );
  return `## What clients lack\n\n${lines.join('\n')}\n`;
}

function shortTitle({ title }) {
  return title.split(/[:,]/)[0];
}
