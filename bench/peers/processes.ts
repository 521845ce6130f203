import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { note } from '../report/progress.js';
import { type AskingChild, forkAskingChild } from '../support/asking-child.js';
import { startAskingScript } from '../support/asking-script.js';
import type { CleanUp } from '../support/clean-up.js';
import { pythonEnvironment } from '../support/python-environment.js';
import { startServerProcess } from '../support/server-process.js';
import { postWithSpeakers } from './over-http.js';
import type {
  FromOurEngines,
  FromPeer,
  Heard,
  ModelTimes,
  SharedModels,
  Task,
  ToNodePeer,
  ToOurEngines,
  ToPython,
  ToSenko,
} from './protocol.js';

/** Something that can be asked what it hears in a recording, everything loaded. */
export type Listener = {
  /** Everything that it needs is this process or below it. */
  readonly pid: number;
  /** Rejects with what it says when it cannot. */
  hear(task: Task): Promise<Heard>;
};

export type ServerListener = Listener & { readonly url: string };
export type OurEngines = Listener & {
  readonly models: SharedModels;
  timeModels(path: string): Promise<ModelTimes>;
};

/** Best for sherpa's clustering on the evaluation data. */
const THRESHOLD = 0.5;

/** The server as a user runs it. */
export async function startServer(cleanUp: CleanUp): Promise<ServerListener> {
  note('peers: starting the server');
  const server = await startServerProcess({
    command: process.execPath,
    args: [join(projectRoot, 'bin', 'whosaid'), 'serve'],
  });
  cleanUp.add(() => server.stop());
  const { url, pid } = server;
  return { url, pid, hear: ({ path }) => postWithSpeakers({ url, path }) };
}

/** Our engines without HTTP. */
export async function startOurEngines(cleanUp: CleanUp): Promise<OurEngines> {
  note('peers: loading our engines');
  const child = forked<ToOurEngines, FromOurEngines>('our-engines-main.js', 'whosaid', cleanUp);
  const { type: _, ...models } = await answerOf(child, { type: 'load' }, 'ready');
  return {
    pid: child.pid,
    models,
    hear: (task) => answerOf(child, task, 'heard'),
    timeModels: (path) => answerOf(child, { type: 'models', path }, 'models'),
  };
}

/** sherpa-onnx-node with our models. */
export async function startNodePeer(models: SharedModels, cleanUp: CleanUp): Promise<Listener> {
  note('peers: loading sherpa-onnx-node');
  const child = forked<ToNodePeer, FromPeer>('node-peer-main.js', 'sherpa-onnx-node', cleanUp);
  await answerOf(child, { type: 'load', ...models, threshold: THRESHOLD }, 'ready');
  return { pid: child.pid, hear: (task) => answerOf(child, task, 'heard') };
}

/** faster-whisper, and sherpa-onnx's diarization with our speaker models. */
export async function startPython(models: SharedModels, cleanUp: CleanUp): Promise<Listener> {
  const child = await script<ToPython>('peers/python', 'faster-whisper', cleanUp);
  const { speakers, threads } = models;
  await answerOf(child, { type: 'load', ...speakers, threads, threshold: THRESHOLD }, 'ready');
  return { pid: child.pid, hear: (task) => answerOf(child, task, 'heard') };
}

export async function startSenko(cleanUp: CleanUp): Promise<Listener> {
  const child = await script<ToSenko>('peers/senko', 'Senko', cleanUp);
  await answerOf(child, { type: 'load' }, 'ready');
  return { pid: child.pid, hear: (task) => answerOf(child, task, 'heard') };
}

function forked<Question, Answer>(
  module: string,
  name: string,
  cleanUp: CleanUp,
): AskingChild<Question, Answer> {
  const child = forkAskingChild<Question, Answer>({
    module: new URL(`./${module}`, import.meta.url),
    name,
  });
  cleanUp.add(() => child.stop());
  return child;
}

async function script<Question>(
  folder: string,
  name: string,
  cleanUp: CleanUp,
): Promise<AskingChild<Question, FromPeer>> {
  const { interpreter } = await pythonEnvironment({ name: folder, what: name });
  note(`peers: loading ${name}`);
  const child = startAskingScript<Question, FromPeer>({
    command: interpreter,
    args: [join(projectRoot, 'bench', folder, 'serve.py')],
    name,
  });
  cleanUp.add(() => child.stop());
  return child;
}

/** The answer that was expected. @throws Error with what the process says instead */
async function answerOf<
  Question,
  Answer extends { readonly type: string },
  Type extends Answer['type'],
>(child: AskingChild<Question, Answer>, question: Question, type: Type) {
  const answer = await child.ask(question);
  if (answer.type === type) return answer as Extract<Answer, { readonly type: Type }>;
  throw new Error('message' in answer ? String(answer.message) : `It answered ${answer.type}.`);
}
