import { writePageSection } from '../report/page-section.js';
import { note } from '../report/progress.js';
import { withCleanUp } from '../support/clean-up.js';
import { measureCost } from './measure.js';
import { reportCost } from './report.js';

/** Measures what transcription costs, prints it, and puts it into docs/cost.md where that is wanted. */
export async function runCostBench({ write = false }: { write?: boolean }): Promise<void> {
  try {
    const text = reportCost(await withCleanUp(measureCost));
    process.stdout.write(`${text}\n`);
    if (write) await writePageSection({ page: 'cost.md', marker: 'cost', text });
  } catch (error) {
    note(`cost: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
