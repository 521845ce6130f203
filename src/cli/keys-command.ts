import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import { hashKey } from '../access/key-ring.js';
import { say } from './say.js';

/** 32 random bytes are beyond guessing. */
const KEY_BYTES = 32;

/** `keys new`: a key for a client, and the line that lets it in. */
export function registerKeysCommand(program: Command): void {
  const keys = program.command('keys').description('make keys that let clients in');
  keys
    .command('new')
    .description('make a key: it is shown once and stored nowhere')
    .argument('[name]', 'who it is for, as a comment in the file')
    .addHelpText(
      'after',
      `
The key goes to the client, the line with its hash into API_KEYS_FILE (or the key itself into API_KEYS).

Example:
  whosaid keys new alice 2>>keys.txt`,
    )
    .action((name?: string) => {
      const key = `sk-${randomBytes(KEY_BYTES).toString('base64url')}`;
      const comment = name === undefined ? '' : `  # ${name.replace(/[\r\n]+/g, ' ')}`;
      process.stdout.write(`${key}\n`);
      say(`${hashKey(key).toString('hex')}${comment}`);
    });
}
