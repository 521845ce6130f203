import type { z } from 'zod';

/** The parts of OpenAPI 3.1 that our document has (https://spec.openapis.org/oas/v3.1.1). */

export type JsonSchema = Readonly<Record<string, unknown>>;

export type MediaType = {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { summary: string; value: unknown }>>;
  readonly encoding?: Readonly<Record<string, unknown>>;
  /** What a text is that has JSON in it: each event of a stream, or the whole. */
  readonly 'x-content-schema'?: JsonSchema;
};

export type ResponseObject = {
  readonly description: string;
  readonly headers?: Readonly<Record<string, { description: string; schema: JsonSchema }>>;
  readonly content?: Readonly<Record<string, MediaType>>;
};

export type ParameterObject = {
  readonly name: string;
  readonly in: 'query' | 'path' | 'header';
  readonly required?: boolean;
  readonly description: string;
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { summary: string; value: unknown }>>;
};

export type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, MediaType>>;
  };
  readonly responses: Readonly<Record<string, ResponseObject>>;
  readonly 'x-codeSamples': readonly { lang: string; label: string; source: string }[];
};

export type PathItem = {
  readonly servers?: readonly { url: string }[];
  readonly get?: Operation;
  readonly post?: Operation;
  readonly delete?: Operation;
};

export type OpenApiDocument = {
  readonly openapi: '3.1.1';
  readonly info: Readonly<Record<string, unknown>> & { title: string; version: string };
  readonly servers: readonly { url: string; description: string }[];
  readonly tags: readonly { name: string; description: string }[];
  readonly security: readonly unknown[];
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly securitySchemes: Readonly<Record<string, unknown>>;
  };
};

/** A request that works as it stands: texts of a form, names of files in test/fixtures. */
export type Example = {
  readonly summary: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, string | number | boolean | readonly string[]>>;
};

export type ObjectSchema = z.ZodObject<z.ZodRawShape>;
