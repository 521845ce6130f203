import type { Operation, ResponseObject } from '../types.js';
import { type Html, html, prose } from './html.js';
import { propertyRow, propertyTable, typeOf } from './schema-rows.js';

export type Endpoint = {
  readonly method: string;
  /** As a client calls it, from the root of the server. */
  readonly path: string;
  readonly operation: Operation;
};

/** One operation: what it does, takes and answers on the left, commands that work on the right. */
export function operationSection({ method, path, operation }: Endpoint): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const form = requestBody?.content['multipart/form-data']?.schema;
  return html`<section class="operation" id="${operationId}">
<div class="about">
<h3>${summary}</h3>
<p class="endpoint"><b class="${method}">${method.toUpperCase()}</b> <code>${path}</code></p>
<p>${prose(description)}</p>
${
  parameters.length > 0 &&
  html`<h4>Parameters</h4><table>${parameters.map((parameter) =>
    propertyRow({
      name: parameter.name,
      property: { ...parameter.schema, description: parameter.description },
      isRequired: parameter.required === true,
    }),
  )}</table>`
}
${form && html`<h4>Form (<code>multipart/form-data</code>)</h4>${propertyTable(form)}`}
<h4>Answers</h4>
${Object.entries(responses).map(([status, response]) => responseBlock(status, response))}
</div>
<div class="samples">
${operation['x-codeSamples'].map(
  ({ label, source }) => html`<h4>${label}</h4><pre><code>${source}</code></pre>`,
)}
</div>
</section>`;
}

function responseBlock(status: string, { description, content = {} }: ResponseObject): Html {
  return html`<details${status === '200' && html` open`}>
<summary><b class="${status.startsWith('2') ? 'good' : 'bad'}">${status}</b> ${prose(description)}</summary>
<ul>${Object.entries(content).map(
    ([mediaType, { schema, 'x-content-schema': inner }]) =>
      html`<li><code>${mediaType}</code>: ${typeOf(schema)}${inner && html`, of ${typeOf(inner)}`}</li>`,
  )}</ul></details>`;
}
