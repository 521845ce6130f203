import { type Command, InvalidArgumentError } from 'commander';

const MOST_AT_ONCE = 64;
const LAST_PORT = 65_535;

type WorkerFlags = { readonly concurrency?: number; readonly healthPort?: number };

/** `worker`: works on the jobs that gateways with the same QUEUE_URL accept. */
export function registerWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('work on the jobs of gateways that share a queue (QUEUE_URL), until Ctrl-C')
    .option(
      '--concurrency <number>',
      'chunks in work at the same time (default: JOB_CONCURRENCY)',
      wholeNumber(1, MOST_AT_ONCE),
    )
    .option(
      '--health-port <number>',
      'port of GET /health, /ready and /metrics, at the address HOST (default: none)',
      wholeNumber(0, LAST_PORT),
    )
    .addHelpText(
      'after',
      `
The gateways and all workers need the same QUEUE_URL and BLOB_URL, and the same models.

Example:
  QUEUE_URL=redis://queue:6379 BLOB_URL=s3://audio whosaid worker --concurrency 4`,
    )
    .action(async (flags: WorkerFlags) => {
      const { workerMain } = await import('../worker/main.js');
      await workerMain(flags);
    });
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
