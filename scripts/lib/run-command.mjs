import { spawn } from 'node:child_process';
import { StepError } from './steps.mjs';

const KEPT_CHARACTERS = 4000;

/**
 * Runs a program in the clone and waits for it. Its output goes to stderr as it comes, or, when `quiet`, is kept back
 * and its end made part of the error.
 */
export function runCommand({ command, args, cwd, env = process.env, quiet = false, remedy }) {
  return new Promise((resolve, reject) => {
    // Windows has npm as a .cmd file, which only a shell can start.
    const shell = process.platform === 'win32' && command !== process.execPath;
    const stdio = quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2];
    const child = spawn(command, args, { cwd, env, shell, stdio });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-KEPT_CHARACTERS);
      });
    }
    child.once('error', (error) => {
      reject(new StepError(`${command} could not be started: ${error.message}`, { remedy }));
    });
    child.once('close', (code, signal) => {
      if (code === 0) return resolve();
      const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
      const what = `\`${shown(command)} ${args.join(' ')}\` ended with ${end}.`;
      reject(new StepError([what, output.trim()].join('\n').trim(), { remedy }));
    });
  });
}

function shown(command) {
  return command === process.execPath ? 'node' : command;
}
