import { ForbiddenAddressError } from './address-guard.js';

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  ENODATA: 'its name has no address',
  EAI_AGAIN: 'its name could not be looked up now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection was broken off',
  ETIMEDOUT: 'there was no answer',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody who is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody who is trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody who is trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody who is trusted here',
};

/** Why a connection failed, in a few words without the name or address of anything. */
export function failureWords(error: unknown): string {
  if (error instanceof ForbiddenAddressError) return `it ${error.what}`;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (code === undefined) return 'the connection failed';
  if (/^HPE_/.test(code)) return 'it does not speak HTTP';
  if (/^ERR_SSL_|^EPROTO$/.test(code)) return 'no TLS connection could be made';
  return WORDS[code] ?? `the connection failed (${code})`;
}
