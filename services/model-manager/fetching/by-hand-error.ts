import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { ModelEntry } from '../catalogue.js';
import type { FileState } from './file-check.js';

/** Says what is wrong in the folder of a model whose files are put there by hand, and how they are made. */
export function byHandError(
  { id, conversion = '' }: ModelEntry,
  {
    folder,
    files,
  }: {
    readonly folder: string;
    readonly files: readonly ({ readonly path: string } & FileState)[];
  },
): WhosaidError {
  const problems = files.flatMap((file) => {
    if (file.state === 'missing') return [`${file.path} is missing`];
    if (file.state === 'wrong')
      return [`${file.path} is wrong (expected ${file.expected}, found ${file.received})`];
    return [];
  });
  const wasPinned = files.some(({ state }) => state === 'wrong');
  const other = ' To have other files taken than those seen first, delete pins.json beside them.';
  return new WhosaidError('model_by_hand', {
    model: id,
    problems: problems.join(', '),
    how: `${conversion}${wasPinned ? other : ''}`,
    folder,
  });
}
