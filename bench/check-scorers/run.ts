import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { note } from '../report/progress.js';
import { type PythonEnvironment, pythonEnvironment } from '../support/python-environment.js';
import { type Case, type WrittenCase, writeCase } from './cases.js';
import { type ComparedCase, compareCase, differs, figuresOf, type PublicScore } from './compare.js';
import { madeUpCases, pipelineCases } from './hypotheses.js';
import { reportCheck } from './report.js';

/**
 * Scores hypotheses about all recordings with our scorers and with public ones, and prints both. The exit code is 1
 * when a figure differs in its first three decimals or the public scorers cannot be had.
 */
export async function runCheckScorers(): Promise<void> {
  try {
    const python = await pythonEnvironment({
      name: 'check-scorers',
      what: 'The public scorers',
      needs: ", and a C compiler with Python's headers (meeteval is built from source)",
    });
    const fromPipeline = await pipelineCases();
    const compared = await compareAll([...fromPipeline.cases, ...madeUpCases()], python);
    const sections = ['## Scorers against public ones', reportCheck(compared)];
    if (fromPipeline.problem !== undefined)
      sections.push(
        `Only made-up hypotheses: the pipeline gave none (${fromPipeline.problem.trim()}).`,
      );
    process.stdout.write(`${sections.join('\n\n')}\n`);
    if (compared.flatMap(figuresOf).some(([, figure]) => differs(figure))) process.exitCode = 1;
  } catch (error) {
    note(`check-scorers: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}

async function compareAll(
  cases: readonly Case[],
  python: PythonEnvironment,
): Promise<ComparedCase[]> {
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-scores-'));
  try {
    const written: WrittenCase[] = [];
    for (const [index, each] of cases.entries())
      written.push(await writeCase(each, { folder, name: String(index) }));
    const list = join(folder, 'cases.json');
    await writeFile(list, JSON.stringify(written));
    note(`check-scorers: ${cases.length} cases with pyannote.metrics and meeteval`);
    const theirs = JSON.parse(await python.run('score.py', [list])) as PublicScore[];
    return cases.map((each, index) =>
      compareCase(each, written[index] as WrittenCase, theirs[index] as PublicScore),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
