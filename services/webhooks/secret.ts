import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { keepOnce } from '#services/files/keep-once.js';
import { makeFolder } from '#services/temp/make-folder.js';

/** The secret cannot be used. `message` is for the operator and does not quote it. */
export class WebhookSecretError extends Error {
  override readonly name = 'WebhookSecretError';
}

export type WebhookSecretOptions = {
  /** WEBHOOK_SECRET; null where it is not set. */
  readonly configured: string | null;
  readonly dataDir: string;
};

/** As many as the specification allows for 24 to 64. */
const SECRET_BYTES = 32;
const FILE = 'webhook-secret';

/** A secret as the specification writes it: https://www.standardwebhooks.com */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/**
 * The secret that deliveries are signed with: of the settings, or the one in DATA_DIR. Undefined where there is none yet.
 * @throws WebhookSecretError when it cannot be read or used
 */
export async function findWebhookSecret(
  options: WebhookSecretOptions,
): Promise<string | undefined> {
  const { configured, dataDir } = options;
  if (configured !== null) return usable(configured, 'WEBHOOK_SECRET');
  const path = join(dataDir, FILE);
  try {
    return usable((await readFile(path, 'utf8')).trim(), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw explained(error, { path, verb: 'read' });
  }
}

/** The same; where there is none yet it is made and kept in DATA_DIR, for its owner alone. */
export async function webhookSecret(options: WebhookSecretOptions): Promise<string> {
  const found = await findWebhookSecret(options);
  if (found !== undefined) return found;
  const path = join(options.dataDir, FILE);
  try {
    await makeFolder(options.dataDir);
    await keepOnce(path, `${newWebhookSecret()}\n`);
  } catch (error) {
    throw explained(error, { path, verb: 'written' });
  }
  // Another process may have been quicker: what is in the file counts.
  return (await findWebhookSecret(options)) as string;
}

function usable(secret: string, where: string): string {
  try {
    if (!/^whsec_./.test(secret)) throw new Error('It has another form.');
    new Webhook(secret);
    return secret;
  } catch (cause) {
    const remedy = "Expected what './bin/whosaid keys webhook-secret' prints.";
    throw new WebhookSecretError(`The secret in ${where} cannot be used. ${remedy}`, { cause });
  }
}

function explained(cause: unknown, { path, verb }: { path: string; verb: string }): Error {
  if (cause instanceof WebhookSecretError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  const remedy = 'Set WEBHOOK_SECRET, or make DATA_DIR a folder that can be written to.';
  return new WebhookSecretError(`${path} cannot be ${verb} (${code ?? message}). ${remedy}`, {
    cause,
  });
}
