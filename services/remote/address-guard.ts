import { promises as dns, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './public-address.js';

/** Gives all addresses of a name; rejects as `dns.lookup` does. */
export type ResolveName = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The internet as it is; a test on loopback makes one of its own. */
export type Network = {
  /** Default: the system's own resolver. */
  readonly resolve?: ResolveName;
  /** Default: `isPublicAddress`. */
  readonly isPublic?: (address: string) => boolean;
};

export type AddressGuardOptions = {
  /** Lets every address through, also this machine and private networks. */
  readonly allowPrivate: boolean;
  readonly network?: Network | undefined;
};

/** Decides what may be connected to. */
export type AddressGuard = {
  /** Reads an address that somebody sent. Throws ForbiddenAddressError for one that is refused whatever names mean. */
  check(text: string): URL;
  /**
   * For the `lookup` of a request: the addresses that are judged here are those that are connected to, so no name can
   * mean another one a moment later. Fails with ForbiddenAddressError. It is not called for literal addresses.
   */
  readonly lookup: LookupFunction;
};

/** An address that may not be used. `what` goes on after "it": "starts with 'ftp:'". */
export class ForbiddenAddressError extends Error {
  override readonly name = 'ForbiddenAddressError';
  readonly what: string;

  constructor(what: string) {
    super(`An address was refused: it ${what}.`);
    this.what = what;
  }
}

const PRIVATE = 'leads to this machine or into a private network';

export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const { allowPrivate, network = {} } = options;
  const { resolve = resolveWithSystem, isPublic = isPublicAddress } = network;
  const resolvePublic = async (hostname: string): Promise<readonly LookupAddress[]> => {
    const addresses = await resolve(hostname);
    // One that is not public spoils all: which of them is connected to is a matter of luck.
    const isRefused = addresses.some(({ address }) => !isPublic(address));
    if (isRefused && !allowPrivate) throw new ForbiddenAddressError(PRIVATE);
    return addresses;
  };
  return {
    check(text) {
      const url = readUrl(text);
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
      const isPrivate = isIP(host) > 0 ? !isPublic(host) : /^(.+\.)?localhost$/.test(host);
      if (isPrivate && !allowPrivate) throw new ForbiddenAddressError(PRIVATE);
      return url;
    },
    lookup(hostname, { all }, callback) {
      resolvePublic(hostname).then(
        (addresses) => answer(addresses, { all, callback }),
        (error: NodeJS.ErrnoException) => callback(error, ''),
      );
    },
  };
}

/** `URL` reads every spelling of an IPv4 address (decimal, octal, hexadecimal, short) and writes it in the usual one. */
function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new ForbiddenAddressError('cannot be read as an address');
  const url = new URL(text);
  if (!/^https?:$/.test(url.protocol)) {
    throw new ForbiddenAddressError('starts with neither http:// nor https://');
  }
  if (url.username !== '' || url.password !== '') {
    throw new ForbiddenAddressError('holds a user name or a password');
  }
  return url;
}

function resolveWithSystem(hostname: string): Promise<LookupAddress[]> {
  return dns.lookup(hostname, { all: true });
}

function answer(
  addresses: readonly LookupAddress[],
  to: { readonly all: boolean | undefined; readonly callback: Parameters<LookupFunction>[2] },
): void {
  const [first] = addresses;
  if (first === undefined) {
    to.callback(Object.assign(new Error('The name has no address.'), { code: 'ENODATA' }), '');
  } else if (to.all) to.callback(null, [...addresses]);
  else to.callback(null, first.address, first.family);
}
