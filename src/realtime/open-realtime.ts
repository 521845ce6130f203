import type { Settings } from '#config/settings.js';
import type { AppDeps } from '../app-deps.js';
import { createClientSecrets } from './client-secrets.js';
import { createRealtimeSessions } from './sessions.js';
import { createWebSockets } from './web-sockets.js';

/** What the server has for realtime sessions; `realtime.close()` ends it. */
export function openRealtime(
  settings: Settings,
  { timings, draining, stopping }: Pick<AppDeps, 'timings' | 'draining' | 'stopping'>,
): Pick<AppDeps, 'realtime' | 'webSockets' | 'clientSecrets'> {
  return {
    realtime: createRealtimeSessions({
      maxSessions: settings.maxRealtimeSessions,
      maxPerClient: settings.maxRealtimeSessionsPerClient,
      pingMs: timings.realtimePingMs,
      draining,
      stopping,
    }),
    webSockets: createWebSockets({ closeMs: timings.realtimeEndMs }),
    clientSecrets: createClientSecrets({
      configured: settings.realtimeSecret,
      dataDir: settings.dataDir,
    }),
  };
}
