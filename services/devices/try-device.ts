import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Device, Library } from './types.js';

export type Trial = {
  readonly library: Library;
  readonly device: Device;
  /** A small model that the library can load, absolute. */
  readonly model: string;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Default 60,000: libraries of GPUs compile what they need at their first start. */
  readonly timeoutMs?: number;
};

const TIMEOUT_MS = 60_000;
const MAIN = fileURLToPath(new URL('./try-device-main.js', import.meta.url));
/** What sherpa-onnx prints where it goes on with the processor. */
const FELL_BACK = /fallback to cpu|not available/i;

/** Tries a device in a process that may die of it. @returns Why it does not work; undefined where it does. Never rejects. */
export function tryDevice(trial: Trial): Promise<string | undefined> {
  const { library, device, model, environment, timeoutMs = TIMEOUT_MS } = trial;
  return new Promise((resolve) => {
    const options = {
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      ...(environment && { env: { ...environment } }),
    } as const;
    const args = [MAIN, library, device, model];
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
      const said = lines.filter((line) => line !== '');
      const fellBack = said.find((line) => FELL_BACK.test(line));
      if (error)
        resolve(
          error.killed
            ? `it was not ready after ${timeoutMs} ms`
            : (said.at(-1) ?? 'its process ended'),
        );
      else resolve(fellBack);
    });
  });
}
