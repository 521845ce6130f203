import { setting } from './setting.js';
import { byteCount, decimalNumber, optionalByteCount } from './values.js';

/** Settings of what the server does before something runs out or gets stuck: docs/reliability.md is about them. */
export const reliabilitySettings = {
  MAX_TEMP_BYTES: setting(byteCount(), {
    field: 'maxTempBytes',
    expected: 'a number of bytes of at least 1, for example 500MB or 20GB',
    shownDefault: '50GB',
    fallback: 50e9,
    text: 'Room that all uploads together may take in TEMP_DIR at one time; further ones are refused with 503 and `Retry-After` until some are done.',
  }),
  ENGINE_MEMORY_LIMIT: setting(optionalByteCount(), {
    field: 'engineMemoryLimit',
    expected: 'a number of bytes of at least 1, for example 2GB',
    shownDefault: '1 GiB more than after loading its model',
    fallback: null,
    text: 'Resident memory from which an engine process is replaced as soon as it has finished what it is at. One that takes three times as much is ended at once.',
  }),
  ENGINE_STALL_SECONDS: setting(decimalNumber({ min: 1, max: 86_400 }), {
    field: 'engineStallSeconds',
    expected: 'a number of seconds from 1 to 86400',
    shownDefault: '60',
    fallback: 60,
    text: 'An engine process that gets nowhere for so long, and five times the length of the audio it has in hand on top, is stuck: it is ended and replaced.',
  }),
  SHUTDOWN_GRACE_SECONDS: setting(decimalNumber({ min: 1, max: 86_400 }), {
    field: 'shutdownGraceSeconds',
    expected: 'a number of seconds from 1 to 86400',
    shownDefault: '30',
    fallback: 30,
    text: 'Time from the signal to stop until the server has ended. Requests may finish until shortly before; what is left then is answered with 503.',
  }),
  SLOW_REQUEST_SECONDS: setting(decimalNumber({ min: 0, max: 86_400 }), {
    field: 'slowRequestSeconds',
    expected: 'a number of seconds from 0 to 86400 (0 never warns)',
    shownDefault: '60',
    fallback: 60,
    text: 'Requests that take longer are logged as a warning, with where the time went; 0 never warns.',
  }),
};
