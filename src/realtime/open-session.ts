import type { Request, RequestHandler } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { clientOf } from '../middleware/client-of.js';
import { originForbidden } from '../middleware/host-check.js';
import { contextOf } from '../middleware/request-context.js';
import { chooseLive } from './choose-live.js';
import { createKnownVoices } from './known-voices.js';
import { newId } from './outbox.js';
import { RealtimeSession } from './session.js';
import { DEFAULT_SETTINGS, type SessionSettings } from './session-settings.js';
import { upgradeOf } from './upgrade.js';

/**
 * `GET /realtime`: one session over a WebSocket. What speaks against it is answered before the upgrade: `websocket_needed`,
 * `origin_forbidden`, `realtime_full`, `realtime_client_full`, `websocket_handshake_invalid`, and for the model that the
 * address or the server's settings name what `chooseLive` throws.
 */
export function openSession(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    if (upgradeOf(request) === undefined) {
      response.setHeader('upgrade', 'websocket');
      throw new WhosaidError('websocket_needed');
    }
    refuseForeignPage(request, deps);
    const place = deps.realtime.enter(clientOf(request));
    const ended = new AbortController();
    try {
      const voices = createKnownVoices({ ...deps, signal: ended.signal });
      const choose = (settings: SessionSettings) => chooseLive(settings, { deps, voices });
      const settings = settingsOf(request);
      const choice = await choose(settings);
      const socket = await deps.webSockets.open(request, response);
      await runSession(request, { deps, place, socket, settings, choice, choose }).catch(
        (error) => {
          // Nobody can be answered any more.
          contextOf(request).logger.error('A realtime session failed', { error });
          socket.terminate();
        },
      );
    } finally {
      ended.abort(new WhosaidError('client_closed'));
      place.leave();
    }
  };
}

/** Browsers let any page open any WebSocket, and send no preflight: what CORS does for requests is for us to do here. */
function refuseForeignPage(request: Request, { access }: Pick<AppDeps, 'access'>): void {
  const origin = request.get('origin');
  if (origin === undefined || access.hostRules.allowsOrigin(origin, request.host)) return;
  throw originForbidden(origin);
}

/** What the client secret says, or what the address does: OpenAI's SDKs cannot leave the model out. */
function settingsOf(request: Request): SessionSettings {
  const { sealed } = contextOf(request);
  if (sealed) return sealed.settings;
  const { model } = request.query;
  if (typeof model !== 'string' || model === '') return DEFAULT_SETTINGS;
  return { ...DEFAULT_SETTINGS, transcription: { model } };
}

type Opened = Pick<
  ConstructorParameters<typeof RealtimeSession>[0],
  'socket' | 'settings' | 'choice' | 'choose'
> & {
  readonly deps: AppDeps;
  readonly place: ReturnType<AppDeps['realtime']['enter']>;
};

async function runSession(request: Request, { deps, place, ...opened }: Opened): Promise<void> {
  const { settings: all, timings } = deps;
  const context = contextOf(request);
  const startedMs = performance.now();
  const expiresAt = Math.floor(Date.now() / 1000 + all.realtimeSessionSeconds);
  const session = new RealtimeSession({
    ...opened,
    manager: deps.manager,
    metrics: deps.metrics,
    logger: context.logger,
    identity: { id: newId('sess'), expiresAt },
    shape: /\brealtime=v1\b/.test(request.get('openai-beta') ?? '') ? 'flat' : 'nested',
    limits: {
      sessionSeconds: all.realtimeSessionSeconds,
      idleSeconds: all.realtimeIdleSeconds,
      bufferSeconds: all.realtimeBufferSeconds,
      endMs: timings.realtimeEndMs,
    },
  });
  place.begin({ socket: opened.socket, end: (reason) => session.end(reason) });
  context.model = opened.choice.entry.id;
  const reason = await session.run();
  deps.metrics.realtimeEvent({ type: 'ended', reason });
  context.logger.info('Realtime session ended', {
    reason,
    seconds: Math.round((performance.now() - startedMs) / 1000),
    audioSeconds: Math.round(session.audioSeconds),
  });
}
