import type { OpenApiDocument, PathItem } from '../types.js';
import { type Html, html, prose } from './html.js';
import { type Endpoint, operationSection } from './operation-section.js';
import { propertyTable, typeOf } from './schema-rows.js';

/**
 * The whole document as one page in three columns, as ReDoc lays it out: where to go, what there is, how to call it.
 * It is made here rather than in the browser: no script, and nothing that a strict policy has to allow.
 *
 * @param links addresses of the style sheet, the document and Swagger UI, relative to the page
 */
export function referencePage(
  document: OpenApiDocument,
  links: { readonly style: string; readonly document: string; readonly tryOut: string },
): string {
  const { info, tags, components } = document;
  const endpoints = Object.entries(document.paths).flatMap(endpointsOf);
  const ofTag = (name: string) =>
    endpoints.filter(({ operation }) => operation.tags.includes(name));
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} ${info.version}: API reference</title>
<link rel="stylesheet" href="${links.style}">
<link rel="icon" href="data:,">
</head>
<body>
<nav aria-label="Operations">
<p><b>${info.title}</b> ${info.version}</p>
${tags.map(
  ({ name }) =>
    html`<h2>${name}</h2><ul>${ofTag(name).map(
      ({ method, operation }) =>
        html`<li><a href="#${operation.operationId}"><b class="${method}">${method}</b> ${operation.summary}</a></li>`,
    )}</ul>`,
)}
<h2>Shapes</h2>
<ul>${Object.keys(components.schemas).map(
    (name) => html`<li><a href="#schema-${name}">${name}</a></li>`,
  )}</ul>
</nav>
<main>
<header>
<h1>${info.title}</h1>
<p>${prose(String(info.summary))} ${prose(String(info.description))}</p>
<p><a href="${links.document}">OpenAPI document</a> · <a href="${links.tryOut}">try it out</a></p>
</header>
${tags.map(
  ({ name, description }) =>
    html`<h2>${name}</h2><p>${prose(description)}</p>${ofTag(name).map(operationSection)}`,
)}
<h2>Shapes</h2>
${Object.entries(components.schemas).map(
  ([name, schema]) => html`<section id="schema-${name}"><h3>${name}</h3>
${typeof schema.description === 'string' && html`<p>${prose(schema.description)}</p>`}
${schema.properties ? propertyTable(schema) : html`<p>${typeOf(schema)}</p>`}
${exampleOf(schema.examples)}</section>`,
)}
</main>
</body>
</html>
`;
  return page.markup;
}

function endpointsOf([path, item]: [string, PathItem]): Endpoint[] {
  // Paths without servers of their own are shown below /v1, except those that one looks for at the root.
  const isAtRoot = item.servers !== undefined || item.get?.tags.includes('Service');
  const shown = `${isAtRoot ? '' : '/v1'}${path}`;
  return (['get', 'post', 'delete'] as const).flatMap((method) => {
    const operation = item[method];
    return operation === undefined ? [] : [{ method, path: shown, operation }];
  });
}

function exampleOf(examples: unknown): Html | false {
  if (!Array.isArray(examples)) return false;
  return html`<pre><code>${JSON.stringify(examples[0], null, 2)}</code></pre>`;
}
