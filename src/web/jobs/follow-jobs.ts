import { ApiError } from '../api/api-error.js';
import { apiKey, keyNeed } from '../api/api-key.js';
import { askServer, isServerGone, models } from '../api/server.js';
import { announce } from '../ui/announce.js';
import { forgetJobs, hasActiveJobs, refreshJobs } from './job-list-state.js';

/** While something happens, and while nothing does. */
const BUSY_MS = 1000;
const IDLE_MS = 10_000;
/** While the server does not answer. */
const GONE_MS = 2000;

/** Tabs of the same browser tell each other when the list has changed. */
const channel =
  typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('whosaid');

let timer: ReturnType<typeof setTimeout> | undefined;
let asking: Promise<void> | undefined;
/** Something has changed since the question that is under way. */
let isAskedAgain = false;
/** The key that the server refused, or none at all: asking again with it is no use. */
let refusedKey: string | undefined;

/**
 * Keeps the list of jobs as the server has it, for as long as the page is open: asked for again and again, which survives
 * everything that happens to servers and connections, and at once when a tab has changed something.
 */
export function followJobs(): void {
  channel?.addEventListener('message', askNow);
  addEventListener('online', askNow);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) askNow();
  });
  apiKey.subscribe(() => {
    forgetJobs();
    askNow();
  });
}

/** Asks now, and tells the other tabs to. */
export function jobsHaveChanged(): void {
  channel?.postMessage('changed');
  askNow();
}

/** Asks now instead of later. */
export function askNow(): void {
  isAskedAgain = asking !== undefined;
  asking ??= ask().finally(() => {
    asking = undefined;
    clearTimeout(timer);
    timer = setTimeout(askNow, isAskedAgain ? 0 : pauseMs());
  });
}

async function ask(): Promise<void> {
  if (apiKey.value === refusedKey) return;
  const key = apiKey.value;
  try {
    if (models.value === undefined) await askServer();
    await refreshJobs();
    keyNeed.value = 'none';
    isServerGone.value = false;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    isServerGone.value = error.status === 0 || error.status >= 502;
    if (error.status === 401) refusedKey = key;
    else if (!error.isTemporary) announce(error.message, 'error');
  }
}

function pauseMs(): number {
  if (isServerGone.value) return GONE_MS;
  return hasActiveJobs.value && !document.hidden ? BUSY_MS : IDLE_MS;
}
