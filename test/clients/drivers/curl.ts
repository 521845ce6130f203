import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createReadStream } from 'node:fs';
import type { Call, Outcome, Recording } from '../call.js';
import type { Driver } from '../driver.js';
import { formFields } from './form-fields.js';
import { outcomeOf } from './raw-answer.js';
import { urlOf } from './url-of.js';

/** The curl of this machine; undefined where there is none. */
export function findCurl(): Driver | undefined {
  const { stdout } = spawnSync('curl', ['--version'], { encoding: 'utf8' });
  const [, version] = /^curl (\S+)/.exec(stdout ?? '') ?? [];
  if (version === undefined) return undefined;
  return {
    id: 'curl',
    name: 'curl',
    version,
    lacks: { bytes: 'it takes files and streams' },
    perform,
  };
}

/** Written after the answer, on a line of its own. */
const WRITE_OUT = '\\n%{http_code} %{content_type}';

async function perform(call: Call): Promise<Outcome> {
  const { retries, apiKey, recording } = call;
  const args = [
    ...['--silent', '--show-error', '--no-buffer', '--write-out', WRITE_OUT],
    // Without `--fail` it writes the bodies of all tries one after another.
    ...(retries > 0 ? ['--fail', '--retry', String(retries)] : []),
    ...['--header', `Authorization: Bearer ${apiKey}`],
    ...formOf(call),
    urlOf(call),
  ];
  const output = await run(args, recording);
  const end = output.lastIndexOf('\n');
  const [, status, contentType = ''] = /^(\d+) (.*)$/.exec(output.slice(end + 1)) ?? [];
  return outcomeOf({ status: Number(status), contentType, body: output.slice(0, end) });
}

function formOf({ operation, recording, fields }: Call): string[] {
  if (operation === 'list models' || operation === 'retrieve model') return [];
  const form = formFields(fields);
  const chunked = recording?.as === 'stream' ? ['--header', 'Transfer-Encoding: chunked'] : [];
  return [
    ...chunked,
    ...['--form', `file=${source(recording)}`],
    ...form.flatMap(([name, value]) => ['--form-string', `${name}=${value}`]),
  ];
}

function source(recording: Recording | undefined): string {
  const { path, as } = recording ?? { path: '', as: 'file' };
  if (as === 'stream') return '@-';
  return as === 'nameless bytes' ? `<${path}` : `@"${path}"`;
}

function run(args: readonly string[], recording: Recording | undefined): Promise<string> {
  const piped = recording?.as === 'stream';
  const child = spawn('curl', args, { stdio: [piped ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  if (piped) createReadStream(recording.path).pipe(child.stdin as NodeJS.WritableStream);
  let [output, problems] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    problems += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      // An answer that came before the upload had ended may cut the sending short (55, 56).
      if (code === 0 || ((code === 55 || code === 56) && output !== '')) resolve(output);
      else reject(new assert.AssertionError({ message: `curl ended with ${code}: ${problems}` }));
    });
  });
}
