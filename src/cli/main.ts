import { markHeapAtOnce } from '../heap.js';
import { createProgram } from './program.js';
import { reportFailure } from './report-failure.js';

markHeapAtOnce();

// `whosaid … | head` closes our output early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

try {
  await createProgram().parseAsync();
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
