/** Every value of `response_format` this version writes. */
export const responseFormats = [
  'json',
  'text',
  'srt',
  'verbose_json',
  'vtt',
  'diarized_json',
] as const;
export type ResponseFormat = (typeof responseFormats)[number];

/** What verbose_json can give times for. */
export const granularities = ['word', 'segment'] as const;
export type Granularity = (typeof granularities)[number];

export type RenderOptions = {
  readonly format: ResponseFormat;
  /** What was done with the speech. A translation's text is English, and OpenAI's shapes of it have no `usage`. */
  readonly task?: 'transcribe' | 'translate';
  /** Read by verbose_json only. Default: segments alone. */
  readonly granularities?: readonly Granularity[];
  /** Lower-case English name of the transcript's language, for verbose_json (`english`). */
  readonly languageName: string;
  /** Read by json and streams: adds `segments` with their speakers where the transcript has speakers. Default false. */
  readonly speakerDetail?: boolean;
  /** Read by json, verbose_json and streams: adds the `logprobs` of all tokens. Default false. */
  readonly logprobs?: boolean;
  /** Read by json, verbose_json and streams: adds the `languages` that were spoken, and to segments of verbose_json theirs. Default false. */
  readonly languages?: boolean;
};

/** A response body with its `Content-Type`. */
export type RenderedTranscript = { readonly contentType: string; readonly body: string };
