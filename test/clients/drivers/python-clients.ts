import type { Outcome } from '../call.js';
import { type Driver, openaiErrorName } from '../driver.js';
import { PythonScript, pythonEnvironment } from './python.js';
import { outcomeOf, type RawAnswer } from './raw-answer.js';

/** The clients in Python; `missing` says why there are none. */
export function pythonClients(): { drivers: readonly Driver[]; missing?: string } {
  const environment = pythonEnvironment();
  if ('missing' in environment) return { drivers: [], missing: environment.missing };
  const { python, versions } = environment;
  const sdk = new PythonScript({ python, script: 'openai_python.py' });
  const asyncSdk = new PythonScript({ python, script: 'openai_python_async.py' });
  const requests = new PythonScript({ python, script: 'python_requests.py' });
  const openai = {
    version: versions.openai ?? '',
    lacks: {},
    errorName: (status: number) => openaiErrorName(status, 'APIStatusError'),
  };
  const drivers: Driver[] = [
    {
      ...openai,
      id: 'openai-python',
      name: 'openai-python',
      perform: async (call) => (await sdk.perform(call)) as Outcome,
      close: () => sdk.close(),
    },
    {
      ...openai,
      id: 'openai-python-async',
      name: 'openai-python (async)',
      perform: async (call) => (await asyncSdk.perform(call)) as Outcome,
      close: () => asyncSdk.close(),
    },
    {
      id: 'requests',
      name: 'python-requests',
      version: versions.requests ?? '',
      lacks: {},
      perform: async (call) => outcomeOf((await requests.perform(call)) as RawAnswer),
      close: () => requests.close(),
    },
  ];
  return { drivers };
}
