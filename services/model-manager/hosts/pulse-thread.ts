/**
 * A thread of its own in an engine host: inference holds the main thread for seconds, and a process that is stuck must
 * still be told from one that works. Answers each byte that comes with the process's resident memory, and ends the
 * process when nobody is there any more to ask. See pulse.ts for the other side.
 */
import { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { PULSE_FD } from './pulse.js';

/** The main thread notices the end of its own channel and frees what it can; native code may keep it from that. */
const LEAVE_BY_ITSELF_MS = 3000;

const socket = new Socket({ fd: PULSE_FD, readable: true, writable: true });
socket.on('data', (questions: Buffer) => {
  const answer = `${process.memoryUsage.rss()}\n`;
  socket.write(answer.repeat(questions.length));
});
// Broken or ended: the parent has gone either way.
socket.on('error', () => {});
socket.once('close', async () => {
  await pause(LEAVE_BY_ITSELF_MS);
  process.kill(process.pid, 'SIGKILL');
});
