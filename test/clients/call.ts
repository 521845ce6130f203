/**
 * One thing that somebody does with a client, in words that every client has: what a feature asks for, and what a
 * driver carries out with its client's own functions. Plain data: it is written as JSON for the clients in Python.
 */
export type Call = {
  readonly operation: 'transcribe' | 'translate' | 'list models' | 'retrieve model';
  /** As somebody would set it, without the API path. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** How often the client may try again; its own default is 2, and features that are not about it say 0. */
  readonly retries: number;
  readonly recording?: Recording;
  /** Named as in OpenAI's API, without brackets. */
  readonly fields: Readonly<Record<string, FieldValue>>;
};

export type FieldValue = string | number | boolean | readonly string[] | StrategyField;

/** A field with members, such as `chunking_strategy`. */
export type StrategyField = Readonly<Record<string, string | number>>;

export type Recording = {
  readonly path: string;
  /**
   * How the client gets the recording: as a file, as a stream whose length it does not know, as bytes with a name, or
   * as bytes without one.
   */
  readonly as: 'file' | 'stream' | 'bytes' | 'nameless bytes';
};

/** What came of a call. */
export type Outcome = {
  /** The answer as the client hands it over: an object or a string. */
  readonly value?: unknown;
  /** The events of a stream, without the `[DONE]` that ends it. */
  readonly events?: readonly StreamEvent[];
  readonly refusal?: Refusal;
};

export type StreamEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** An error as the client tells it. */
export type Refusal = {
  /** The class of the error, where the client has classes. */
  readonly name?: string;
  /** Absent for an error in the middle of a stream, which has begun with 200. */
  readonly status?: number | null;
  readonly code?: string | null;
  readonly param?: string | null;
  readonly message: string;
};
