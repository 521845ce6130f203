import { setting } from './setting.js';
import { decimalNumber, readWith, wholeNumber } from './values.js';

/** Fewer characters than this can be guessed. */
const SECRET_CHARACTERS = 32;

/** Settings of live transcription over a WebSocket: docs/realtime.md is about it. */
export const realtimeSettings = {
  MAX_REALTIME_SESSIONS: setting(wholeNumber({ min: 0, max: 10_000 }), {
    field: 'maxRealtimeSessions',
    expected: 'a whole number from 0 to 10000 (0 allows none)',
    shownDefault: '8',
    fallback: 8,
    text: 'Realtime sessions that may be open at the same time; further ones are refused with 503. They share the engines with everything else, but take no place of MAX_CONCURRENT_REQUESTS.',
  }),
  MAX_REALTIME_SESSIONS_PER_CLIENT: setting(wholeNumber({ min: 0, max: 10_000 }), {
    field: 'maxRealtimeSessionsPerClient',
    expected: 'a whole number from 0 to 10000 (0 is no limit)',
    shownDefault: '0',
    fallback: 0,
    text: 'Those that one key (without keys, one address) may have open at the same time; further ones are refused with 429. 0 is no limit.',
  }),
  REALTIME_SESSION_SECONDS: setting(decimalNumber({ min: 1, max: 86_400 }), {
    field: 'realtimeSessionSeconds',
    expected: 'a number of seconds from 1 to 86400',
    shownDefault: '3600',
    fallback: 3600,
    text: 'How long a realtime session lasts at most. What was sent until then is still transcribed.',
  }),
  REALTIME_IDLE_SECONDS: setting(decimalNumber({ min: 1, max: 86_400 }), {
    field: 'realtimeIdleSeconds',
    expected: 'a number of seconds from 1 to 86400',
    shownDefault: '300',
    fallback: 300,
    text: 'A realtime session that brings no sound for so long is closed. Silence that is sent is sound.',
  }),
  REALTIME_BUFFER_SECONDS: setting(decimalNumber({ min: 1, max: 3600 }), {
    field: 'realtimeBufferSeconds',
    expected: 'a number of seconds from 1 to 3600',
    shownDefault: '600',
    fallback: 600,
    text: 'Sound that a realtime session without turn detection may send before it commits it; then it is committed by itself. A minute takes 2 MB of memory.',
  }),
  REALTIME_SECRET: setting(
    readWith((text): string | null | undefined =>
      text.trim().length >= SECRET_CHARACTERS ? text.trim() : undefined,
    ),
    {
      field: 'realtimeSecret',
      isSecret: true,
      expected: `${SECRET_CHARACTERS} characters at least, for example what 'openssl rand -base64 32' prints`,
      shownDefault: 'one that is made when it is first needed and kept in DATA_DIR',
      fallback: null,
      text: 'What client secrets (`POST /v1/realtime/client_secrets`) are sealed with. Gateways behind one address need the same, so that each takes what another gave out.',
    },
  ),
};
