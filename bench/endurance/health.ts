import { setTimeout as sleep } from 'node:timers/promises';

/** What the bench reads of /health. */
export type Health = {
  readonly engines: readonly { readonly role: string; readonly state: string }[];
  readonly requests: { readonly running: number };
};

const POLL_MS = 20;
const PATIENCE_MS = 120_000;

/**
 * Asks /health until it is as wanted.
 * @throws Error that names what was waited for after two minutes
 */
export async function untilHealth(
  url: string,
  { what, is }: { what: string; is: (health: Health) => boolean },
): Promise<void> {
  const giveUpMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const response = await fetch(`${url}/health`);
    if (is((await response.json()) as Health)) return;
    if (performance.now() > giveUpMs) throw new Error(`Two minutes without: ${what}.`);
    await sleep(POLL_MS);
  }
}

/** Every engine has its model and nothing to do. */
export function untilAllReady(url: string): Promise<void> {
  const is = ({ engines }: Health) => engines.every(({ state }) => state === 'ready');
  return untilHealth(url, { what: 'all engines ready', is });
}
