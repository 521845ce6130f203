import { z } from 'zod';
import type { JobRendering } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { responseFormats } from '#utils/formats/index.js';
import { withPlainNames } from '../field-names.js';
import { isPresent, rejectWith, shown, single, toCatalogued } from '../field-readers.js';
import { timestampGranularities } from '../transcription-fields.js';

const schema = z.object({
  response_format: single.transform((text, context) => {
    if (text === undefined) return undefined;
    const supported = responseFormats.map((format) => `'${format}'`).join(', ');
    return (
      responseFormats.find((format) => format === text) ??
      rejectWith(context, 'response_format_unsupported', { received: shown(text), supported })
    );
  }),
  timestamp_granularities: timestampGranularities,
});

/** Names of what a result can be asked for. */
export const resultQueryNames: readonly string[] = Object.keys(schema.shape);

/**
 * How a result is wanted where it is wanted otherwise than the job said. Throws `response_format_unsupported`,
 * `granularity_unsupported`, `granularity_needs_verbose_json` or `field_invalid`.
 */
export function parseResultQuery(
  query: Readonly<Record<string, unknown>>,
): Partial<Pick<JobRendering, 'format' | 'granularities'>> {
  const result = schema.safeParse(withPlainNames(query));
  if (!result.success) throw toCatalogued(result.error);
  const { response_format: format, timestamp_granularities: granularities } = result.data;
  if (granularities.includes('word') && isPresent(format) && format !== 'verbose_json') {
    throw new WhosaidError('granularity_needs_verbose_json', { received: format ?? '' });
  }
  return {
    ...(format !== undefined && { format }),
    ...(granularities.length > 0 && { granularities }),
  };
}
