import { Command, InvalidArgumentError } from 'commander';
import { runAccuracyBench } from './accuracy/run.js';
import { runAsrBench } from './asr/run.js';
import { runStartBench } from './start/run.js';

const repetitions = (value: string): number => {
  const count = Number(value);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new InvalidArgumentError('Expected a whole number from 1 up.');
};

const program = new Command('npm run bench --')
  .description(
    'Measures whosaid on this machine and prints Markdown to paste. The models must be installed.\n' +
      'Recordings come from EVAL_DIR; where it is absent, from test/fixtures.',
  )
  .showHelpAfterError();

program
  .command('asr')
  .description(
    'speed of recognition: the engine alone, over HTTP, and sherpa-onnx-node on the same segments; memory',
  )
  .option('-n, --repetitions <count>', 'times each is measured, in turn', repetitions, 3)
  .option('--file <path>', 'recording to measure with (default: a conversation of ten minutes)')
  .action(runAsrBench);

program
  .command('accuracy')
  .description(
    'word error rate and word starts against the references, as the server would transcribe',
  )
  .option('--errors', 'list every error')
  .action(runAccuracyBench);

program
  .command('start')
  .description('time from `npm start` until the server is ready, with the models on disk')
  .option('-n, --repetitions <count>', 'number of starts', repetitions, 3)
  .action(runStartBench);

await program.parseAsync();
