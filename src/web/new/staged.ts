import { computed, signal } from '@preact/signals';
import { maxUploadBytes } from '../api/server.js';
import { goTo, newLink, route } from '../route.js';
import { announce } from '../ui/announce.js';
import { counted } from '../ui/words.js';
import { problemOf } from './check-file.js';
import { randomId } from './random-id.js';

/** A recording that was picked, and has not been sent. */
export type Staged = { readonly id: string; readonly file: File };

export const staged = signal<readonly Staged[]>([]);

/** Those with what is wrong with them. */
export const checked = computed(() =>
  staged.value.map((one) => ({
    ...one,
    problem: problemOf(one.file, { maxBytes: maxUploadBytes.value }),
  })),
);

export const sendable = computed(() =>
  checked.value.filter(({ problem }) => problem === undefined),
);

/** Takes in what was picked, dropped, pasted or recorded, and shows it. */
export function stage(files: readonly File[]): void {
  if (files.length === 0) return;
  staged.value = [...staged.value, ...files.map((file) => ({ id: randomId(), file }))];
  if (route.value.page !== 'new') goTo(newLink);
  announce(`${counted(files.length, 'file')} added.`, 'spoken');
}

export function unstage(ids: readonly string[]): void {
  staged.value = staged.value.filter(({ id }) => !ids.includes(id));
}
