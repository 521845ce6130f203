import { z } from 'zod';
import type { SpeechTask } from '#services/asr/types.js';
import { checkUrl } from '#services/remote/check-url.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { withExtraBody } from '../extra-body.js';
import { withPlainNames } from '../field-names.js';
import { rejectWith, shown, single, switchField, toCatalogued } from '../field-readers.js';

/** What a job is told besides what a transcription is. */
export type JobFields = {
  readonly task: SpeechTask;
  /** Where the recording is fetched from, as it was sent. */
  readonly url?: string | undefined;
  readonly webhookUrl?: string | undefined;
};

const task = single.transform((text, context): SpeechTask => {
  const word = text?.trim().toLowerCase() ?? 'transcribe';
  if (word === 'transcribe' || word === 'translate') return word;
  return rejectWith(context, 'field_invalid', {
    param: 'task',
    expected: "'transcribe' or 'translate'",
    received: `'${shown(word)}'`,
  });
});

/** Whoever sends it expects events as the answer, or would wait for them in vain. */
const noStream = (param: string) =>
  switchField(param).transform((isWanted, context): undefined => {
    if (!isWanted) return undefined;
    return rejectWith(context, 'field_invalid', {
      param,
      expected: "'false' or nothing, as a job tells of itself at GET /v1/audio/jobs/<id>/events",
      received: "'true'",
    });
  });

const schema = z.object({
  stream: noStream('stream'),
  progress: noStream('progress'),
  task,
  url: single,
  webhook_url: single,
});

/** Names of these fields but for those that are refused. */
export const jobFieldNames: readonly string[] = ['task', 'url', 'webhook_url'];

export type JobFieldRules = {
  /** Whether a recording may be fetched. */
  readonly jobUrls: boolean;
  readonly allowPrivateAddresses: boolean;
};

/**
 * Reads the fields of a job that a transcription has not. Throws `field_invalid`, `url_disabled` or `url_forbidden`; what
 * a name in an address leads to is seen when it is used.
 */
export function parseJobFields(
  body: Readonly<Record<string, unknown>>,
  rules: JobFieldRules,
): JobFields {
  const result = schema.safeParse(withPlainNames(withExtraBody(body)));
  if (!result.success) throw toCatalogued(result.error);
  const { task, url, webhook_url: webhookUrl } = result.data;
  if (url !== undefined && !rules.jobUrls) throw new WhosaidError('url_disabled');
  return {
    task,
    url: checkedAddress(url, 'url', rules),
    webhookUrl: checkedAddress(webhookUrl, 'webhook_url', rules),
  };
}

function checkedAddress(
  text: string | undefined,
  param: string,
  { allowPrivateAddresses: allowPrivate }: JobFieldRules,
): string | undefined {
  return text === undefined ? undefined : checkUrl(text, { param, allowPrivate });
}
