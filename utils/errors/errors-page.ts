import { type ErrorEntry, type ErrorKey, errorCatalogue } from './catalogue.js';

/** docs/errors.md: every error of the catalogue, by status. */
export function errorsPage(): string {
  const entries = Object.entries(errorCatalogue) as [ErrorKey, ErrorEntry][];
  const rows = entries
    .toSorted(([, one], [, other]) => one.status - other.status)
    .map(([key, entry]) => row(key, entry));
  return `# Errors

<!-- Made by \`npm run docs\` from utils/errors/catalogue. Change it there. -->

Every error has OpenAI's shape, so OpenAI's SDKs throw their own classes for it:

\`\`\`json
{"error":{"message":"…","type":"invalid_request_error","param":"file","code":"invalid_value"}}
\`\`\`

\`code\` and \`param\` are OpenAI's where OpenAI has the error. The name in the first column is ours: it stands in the log
beside the request id, and \`x-request-id\` of the response finds that line. *Retry* says whether the same request may
succeed later; where SDKs would try again by themselves the header \`x-should-retry\` tells them. Names in braces are
filled in. Errors of the command line have the same sentences without a status.

| name | status | type | code | param | retry | message |
|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function row(key: ErrorKey, entry: ErrorEntry): string {
  const code = (value: string | null) => (value === null ? '' : `\`${value}\``);
  const cells = [
    code(key),
    entry.status,
    code(entry.type),
    code(entry.code),
    code(entry.param),
    entry.retryable ? 'yes' : 'no',
    // A reader would be shown nothing of `<id>`, which looks like an element.
    entry.text.replaceAll('<', '&lt;').replaceAll('|', '\\|').replaceAll('\n', ' '),
  ];
  return `| ${cells.join(' | ')} |`;
}
