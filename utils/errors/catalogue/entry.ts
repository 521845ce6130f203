/** One error that a user can meet. */
export type ErrorEntry = {
  readonly status: number;
  readonly type:
    | 'invalid_request_error'
    | 'server_error'
    | 'rate_limit_error'
    | 'authentication_error';
  /** OpenAI's `error.code`. */
  readonly code: string | null;
  /** OpenAI's `error.param`: the field at fault. `{param}` in entries that serve several fields. */
  readonly param: string | null;
  readonly retryable: boolean;
  readonly text: string;
};
