import { effect, signal } from '@preact/signals';

const STORED_AS = 'whosaid-api-key';

/** The key that requests carry; empty for none. Kept for this tab, until it is closed. */
export const apiKey = signal(stored());

/** Whether the server wants a key, and what is wrong with the one it got. */
export const keyNeed = signal<'none' | 'missing' | 'wrong'>('none');

effect(() => {
  try {
    if (apiKey.value === '') sessionStorage.removeItem(STORED_AS);
    else sessionStorage.setItem(STORED_AS, apiKey.value);
  } catch {
    // A browser that keeps nothing: the key is asked for again after a reload.
  }
});

/** The headers that say who asks. */
export function keyHeaders(): Record<string, string> {
  return apiKey.value === '' ? {} : { authorization: `Bearer ${apiKey.value}` };
}

/** Notes what an answer says about the key; that nothing was refused says little, as some paths are public. */
export function noteKeyAnswer(status: number): void {
  if (status === 401) keyNeed.value = apiKey.value === '' ? 'missing' : 'wrong';
}

function stored(): string {
  try {
    return sessionStorage.getItem(STORED_AS) ?? '';
  } catch {
    return '';
  }
}
