import type { JsonSchema } from '../types.js';
import { type Html, html, prose } from './html.js';

/** A table of the properties of an object, or of parameters: name, type and what is said about them. */
export function propertyTable(schema: JsonSchema): Html {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const required = (schema.required ?? []) as readonly string[];
  return html`<table>${properties.map(([name, property]) =>
    propertyRow({ name, property, isRequired: required.includes(name) }),
  )}</table>`;
}

/** One row of such a table. */
export function propertyRow(row: {
  readonly name: string;
  readonly property: JsonSchema;
  readonly isRequired: boolean;
}): Html {
  const { name, property, isRequired } = row;
  const { description, default: fallback } = property;
  const notes = [
    isRequired ? html`<b>required</b>` : undefined,
    fallback === undefined ? undefined : html`default <code>${JSON.stringify(fallback)}</code>`,
    ...limits(property),
  ].filter((note) => note !== undefined);
  return html`<tr><th scope="row"><code>${name}</code></th><td>
<span class="type">${typeOf(property)}</span> ${notes.map((note) => html`<span class="note">${note}</span> `)}
${typeof description === 'string' && html`<p>${prose(description)}</p>`}</td></tr>`;
}

/** What a value is, in a few words, with links to the shapes that have names. */
export function typeOf(schema: JsonSchema): Html {
  const choices = (schema.anyOf ?? schema.oneOf) as readonly JsonSchema[] | undefined;
  if (choices !== undefined) return joined(choices.map(typeOf), ' or ');
  if (typeof schema.$ref === 'string') return linkTo(schema.$ref.split('/').at(-1) ?? '');
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (Array.isArray(schema.enum)) {
    return joined(
      schema.enum.map((value) => html`<code>${value}</code>`),
      ' · ',
    );
  }
  if (schema.type === 'array') return html`list of ${typeOf((schema.items ?? {}) as JsonSchema)}`;
  if (schema.type === 'object' && schema.properties !== undefined) {
    return html`<details><summary>object</summary>${propertyTable(schema)}</details>`;
  }
  if (schema.format === 'binary') return html`file`;
  return html`${[schema.type ?? 'anything'].flat().join(' or ')}`;
}

function limits({ minimum, maximum, maxItems }: JsonSchema): Html[] {
  return [
    ...(minimum !== undefined || maximum !== undefined
      ? [html`${String(minimum ?? '')} … ${String(maximum ?? '')}`]
      : []),
    ...(maxItems === undefined ? [] : [html`up to ${String(maxItems)}`]),
  ];
}

function linkTo(name: string): Html {
  return html`<a href="#schema-${name}">${name}</a>`;
}

function joined(items: readonly Html[], separator: string): Html {
  return html`${items.map((item, index) => html`${index > 0 && separator}${item}`)}`;
}
