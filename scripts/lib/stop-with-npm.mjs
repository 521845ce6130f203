const LOOK_EVERY_MS = 500;

/**
 * Under `npm start` a shell stands between npm and this process. `kill` on npm ends npm and the shell, which pass the
 * signal no further: the server would go on, unseen, and keep its port. When the parent has gone, it was meant too.
 */
export function stopWithNpm() {
  // Started otherwise (nohup, a service), outliving the parent may be intended.
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_EVERY_MS);
  timer.unref();
}
