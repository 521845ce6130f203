import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { start } from '../../e2e/support/run.js';
import { freePort } from '../../support/free-port.js';
import { testFolder } from '../../support/paths.js';
import { until } from '../../support/start-server.js';

export type RunningNginx = {
  /** `https://localhost:<port>` */
  readonly url: string;
  /** Whom its clients have to trust. */
  readonly ca: string;
  close(): Promise<void>;
};

/** Why nginx or what makes its certificate cannot be run here; undefined where both can. */
export function nginxMissing(): string | undefined {
  for (const [command = '', ...args] of [
    ['nginx', '-v'],
    ['openssl', 'version'],
  ]) {
    try {
      execFileSync(command, args, { stdio: 'ignore' });
    } catch {
      return `${command} is not installed`;
    }
  }
  return undefined;
}

/**
 * A real nginx with a configuration as docs/recipes/behind-nginx.md shows it, of which only port, certificate and the
 * address of the server behind it are changed.
 */
export async function startNginx(shown: string, upstreamUrl: string): Promise<RunningNginx> {
  const folder = await testFolder();
  const inFolder = (name: string) => join(folder.path, name);
  const port = await freePort();
  const [certificate, key] = [inFolder('certificate.pem'), inFolder('key.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', key, '-out', certificate],
    ],
    { stdio: 'ignore' },
  );
  const site = shown
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace(/(ssl_certificate\s+)\S+;/, `$1${certificate};`)
    .replace(/(ssl_certificate_key\s+)\S+;/, `$1${key};`)
    .replace('server 127.0.0.1:8000', `server ${new URL(upstreamUrl).host}`);
  await mkdir(inFolder('temp'));
  await writeFile(inFolder('nginx.conf'), wholeConfiguration(site, folder.path));
  const nginx = start({ command: 'nginx', args: ['-c', inFolder('nginx.conf')], cwd: folder.path });
  await until(() => canConnect(port), 'nginx does not listen');
  return {
    url: `https://localhost:${port}`,
    ca: await readFile(certificate, 'utf8'),
    async close() {
      nginx.child.kill('SIGTERM');
      await nginx.ended;
      await folder.remove();
    },
  };
}

/** What nginx wants around a site, with all that it writes in one folder. */
function wholeConfiguration(site: string, folder: string): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/temp/${kind};`,
  );
  return `daemon off;
user ${process.getuid?.() === 0 ? 'root' : 'nobody'};
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events {}
http {
access_log off;
${temp.join('\n')}
${site}
}
`;
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
