import { randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Command } from 'commander';
import { hashKey } from '../access/key-ring.js';
import { UsageError } from './report-failure.js';
import { say } from './say.js';

/** 32 random bytes are beyond guessing. */
const KEY_BYTES = 32;

/** `keys new` and `keys webhook-secret`. */
export function registerKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .description('make keys that let clients in, and the secret that webhooks are signed with');
  registerNew(keys);
  registerWebhookSecret(keys);
}

/** A key for a client, and the line that lets it in. */
function registerNew(keys: Command): void {
  keys
    .command('new')
    .description('make a key: it is shown once and stored nowhere')
    .argument('[name]', 'who it is for, as a comment in the file')
    .option('--hash-file <file>', 'file that the line with its hash is added to (default: stderr)')
    .addHelpText(
      'after',
      `
The key goes to the client, the line with its hash into API_KEYS_FILE (or the key itself into API_KEYS).

Example:
  whosaid keys new alice --hash-file keys.txt`,
    )
    .action(async (name: string | undefined, { hashFile }: { hashFile?: string }) => {
      const key = `sk-${randomBytes(KEY_BYTES).toString('base64url')}`;
      const comment = name === undefined ? '' : `  # ${name.replace(/[\r\n]+/g, ' ')}`;
      const line = `${hashKey(key).toString('hex')}${comment}`;
      // A key that lets nobody in is not shown.
      if (hashFile !== undefined) await addLine(hashFile, line);
      process.stdout.write(`${key}\n`);
      say(hashFile === undefined ? line : `The line with its hash was added to ${hashFile}.`);
    });
}

/** The secret that receivers of webhooks need, too. */
function registerWebhookSecret(keys: Command): void {
  keys
    .command('webhook-secret')
    .description('make a secret that webhooks are signed with, and print it')
    .option('--show', 'print the one in use instead')
    .addHelpText(
      'after',
      `
A new one is stored nowhere: set it as WEBHOOK_SECRET, in the environment or in .env, and start the server again. Its
receivers check deliveries with the same secret. Without WEBHOOK_SECRET the server makes one at its first start and keeps
it in DATA_DIR/webhook-secret; --show prints whichever is in use here.

Examples:
  echo "WEBHOOK_SECRET=$(whosaid keys webhook-secret)" >> .env
  whosaid keys webhook-secret --show`,
    )
    .action(async ({ show = false }: { show?: boolean }) => {
      const { findWebhookSecret, newWebhookSecret } = await import('#services/webhooks/secret.js');
      if (!show) {
        process.stdout.write(`${newWebhookSecret()}\n`);
        return;
      }
      const { loadSettings } = await import('#config/settings.js');
      const { webhookSecret: configured, dataDir } = loadSettings();
      const secret = await findWebhookSecret({ configured, dataDir });
      if (secret === undefined) {
        throw new UsageError(
          'There is no secret yet: the server makes one at its first start, or set WEBHOOK_SECRET to a new one.',
        );
      }
      process.stdout.write(`${secret}\n`);
    });
}

/** Adds a line to a file, which is made for its owner alone. Throws UsageError when it cannot be written. */
async function addLine(path: string, line: string): Promise<void> {
  try {
    const file = await open(path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
      const isInLine = size > 0 && buffer.toString() !== '\n';
      await file.appendFile(`${isInLine ? '\n' : ''}${line}\n`);
    } finally {
      await file.close();
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const remedy = 'Give --hash-file a file in a folder that exists and can be written to.';
    throw new UsageError(`${path} cannot be written to (${code ?? message}). ${remedy}`, { cause });
  }
}
