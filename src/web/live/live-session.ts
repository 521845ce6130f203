import { signal } from '@preact/signals';
import { apiKey } from '../api/api-key.js';
import { apiUrl } from '../api/request.js';
import { type Caption, type CaptionEvent, captionsAfter } from './captions.js';
import { listenToMicrophone, type Microphone } from './microphone.js';
import { sessionUpdate } from './session-wishes.js';

/** How long the last words may take after the microphone is switched off. */
const LAST_WORDS_MS = 10_000;
/** Sound that waits to be sent: more than this is a connection that cannot keep up (two minutes). */
const MOST_WAITING_BYTES = 8e6;

export type LiveState = 'off' | 'starting' | 'on' | 'ending';

export const liveState = signal<LiveState>('off');
export const captions = signal<readonly Caption[]>([]);
/** Why captions ended by themselves, in words. */
export const liveProblem = signal<string | undefined>(undefined);

let microphone: Microphone | undefined;
let socket: WebSocket | undefined;

/** Begins with captions of what the microphone hears. Never rejects: `liveProblem` says what is wrong. */
export async function startLive(): Promise<void> {
  liveState.value = 'starting';
  liveProblem.value = undefined;
  captions.value = [];
  try {
    socket = await connect();
    send(await sessionUpdate());
    microphone = await listenToMicrophone(sendSound);
    liveState.value = 'on';
  } catch (error) {
    end((error as Error).message);
  }
}

/** Switches the microphone off; what was said until then is still transcribed. */
export function stopLive(): void {
  if (liveState.value !== 'on') return;
  liveState.value = 'ending';
  microphone?.stop();
  send({ type: 'input_audio_buffer.commit' });
  setTimeout(() => liveState.value === 'ending' && end(), LAST_WORDS_MS);
}

/** Ends at once, as when something else is shown. */
export function leaveLive(): void {
  if (liveState.value !== 'off') end();
}

function connect(): Promise<WebSocket> {
  const address = apiUrl('realtime?intent=transcription').replace(/^http/, 'ws');
  // Browsers send no headers with it: the key goes where OpenAI's clients put it.
  const key = apiKey.value === '' ? [] : [`openai-insecure-api-key.${apiKey.value}`];
  const opening = new WebSocket(address, ['realtime', ...key]);
  return new Promise((resolve, reject) => {
    opening.onopen = () => resolve(opening);
    opening.onclose = ({ reason }) => {
      reject(
        new Error('The server gives no live captions now: too many may be open, or none allowed.'),
      );
      if (socket === opening) end(reason || 'The connection to the server broke.');
    };
    opening.onmessage = ({ data }) => take(JSON.parse(String(data)));
  });
}

function take(event: CaptionEvent): void {
  captions.value = captionsAfter(captions.value, event);
  if (event.type === 'error' && liveState.value !== 'ending') {
    end((event.error as { readonly message: string }).message);
  }
  // The commit of nothing is an error, and the answer to it: nothing more is to come.
  const isAnswered = event.type === 'error' || event.type.endsWith('.completed');
  if (liveState.value === 'ending' && isAnswered && captions.value.every(({ isDone }) => isDone)) {
    end();
  }
}

function sendSound(samples: ArrayBuffer): void {
  if ((socket?.bufferedAmount ?? 0) > MOST_WAITING_BYTES) {
    end('The connection to the server is too slow for live captions.');
    return;
  }
  const bytes = String.fromCharCode(...new Uint8Array(samples));
  send({ type: 'input_audio_buffer.append', audio: btoa(bytes) });
}

function send(event: object): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
}

function end(problem?: string): void {
  liveState.value = 'off';
  liveProblem.value = problem;
  microphone?.stop();
  const open = socket;
  socket = undefined;
  microphone = undefined;
  open?.close();
}
