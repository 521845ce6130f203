import { setFlagsFromString } from 'node:v8';
import { createProgram } from './program.js';
import { reportFailure } from './report-failure.js';

// Audio lies outside of V8's heap, and V8 takes much of it for a reason to mark the heap in small steps, again and again:
// half of the gateway's processor time. At once it takes 30 to 50 ms, and is done a fifth as often. See
// docs/decisions/cost-around-the-recogniser.md.
setFlagsFromString('--no-incremental-marking');

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
