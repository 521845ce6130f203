import type { Request, RequestHandler } from 'express';
import type { AppDeps } from '../app-deps.js';
import { contextOf } from '../middleware/request-context.js';
import { readSmallJson } from '../middleware/small-json.js';
import { chooseLive } from './choose-live.js';
import { newId } from './outbox.js';
import { placed } from './placed-error.js';
import { pathOf, readSession, type SessionShape } from './read-session.js';
import { readNumber, readObject, readOneOf, wrongField } from './readers.js';
import { DEFAULT_SETTINGS, type SessionSettings } from './session-settings.js';
import { shownSession } from './shown-session.js';

const EXAMPLE = '{"session":{"type":"transcription"}}';
/** OpenAI's. */
const LIFE_SECONDS = { min: 10, max: 7200, usual: 600 };

/** `POST /realtime/client_secrets`: a key for a browser, for a few minutes, with the settings of its sessions. */
export function createClientSecret(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const body = await readSmallJson(request, EXAMPLE);
    const fields = readObject(body, '', ['expires_after', 'session']);
    const life = lifeOf(fields.expires_after, 'expires_after');
    const made = await make(request, { deps, session: fields.session, shape: 'nested', life });
    response.json({ value: made.value, expires_at: made.expiresAt, session: made.session });
  };
}

/** `POST /realtime/transcription_sessions`: the same in the shape that came before it. */
export function createTranscriptionSession(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const { client_secret: secret = {}, ...session } = await readSmallJson(request, '{}');
    const fields = readObject(secret, 'client_secret', ['expires_at', 'expires_after']);
    const life = lifeOf(fields.expires_after ?? fields.expires_at, 'client_secret.expires_at');
    const made = await make(request, { deps, session, shape: 'flat', life });
    response.json({
      ...made.session,
      client_secret: { value: made.value, expires_at: made.expiresAt },
    });
  };
}

async function make(
  request: Request,
  options: {
    readonly deps: AppDeps;
    readonly session: unknown;
    readonly shape: SessionShape;
    readonly life: number;
  },
): Promise<{ value: string; expiresAt: number; session: object }> {
  const { deps, session = {}, shape, life } = options;
  const settings = readSession(session, { current: DEFAULT_SETTINGS, shape });
  refuseVoices(settings, shape);
  // What cannot be had is told now, to who can do something about it.
  await chooseLive(settings, { deps, voices: { learn: async () => [] } }).catch(
    (thrown: unknown) => {
      throw placed(thrown, shape);
    },
  );
  const expiresAt = Math.floor(Date.now() / 1000) + life;
  const { keyId } = contextOf(request);
  const value = await deps.clientSecrets.seal({
    expiresAt,
    settings,
    ...(keyId !== undefined && { keyId }),
  });
  const identity = { id: newId('sess'), expiresAt };
  return { value, expiresAt, session: shownSession(settings, { ...identity, shape }) };
}

/** Voices are a hundred times what a key can hold, and nobody's business in a browser. */
function refuseVoices({ transcription }: SessionSettings, shape: SessionShape): void {
  if (transcription?.known_speaker_references === undefined) return;
  const path = pathOf('known_speaker_references', shape);
  throw wrongField(path, 'none in a client secret (session.update may hold them)', 'some');
}

function lifeOf(value: unknown, path: string): number {
  const { anchor, seconds = LIFE_SECONDS.usual } = readObject(value ?? {}, path, [
    'anchor',
    'seconds',
  ]);
  if (anchor !== undefined) readOneOf(anchor, `${path}.anchor`, ['created_at']);
  return Math.floor(readNumber(seconds, `${path}.seconds`, LIFE_SECONDS));
}
