import { BlockList, isIP } from 'node:net';

/** Under which names the server answers, and to the pages of which origins. */
export type HostRules = {
  /** Whether a request with this `Host` (port and all; undefined where there is none) may be meant for this server. */
  allowsHost(host: string | undefined): boolean;
  /** Whether pages of this origin, as `Origin` has it, may use the server that they address as `host`. */
  allowsOrigin(origin: string, host: string | undefined): boolean;
};

export type HostRulesOptions = {
  /** Address or name that the server listens on. */
  readonly boundHost: string;
  /** Name of this machine. */
  readonly machineName: string;
  /** Further names, in lower case; `*` for all. */
  readonly allowedHosts: readonly string[];
  /** Origins besides the server's own, in lower case; `*` for all. */
  readonly corsOrigins: readonly string[];
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * What keeps foreign web pages out of a server without keys. A page that makes a name of its own point to this machine
 * (DNS rebinding) is of the same origin as the server in the eyes of the browser, but the `Host` it sends is that name:
 * so names have to be known. Addresses cannot be rebound: a server for all addresses of the machine takes any. What such a
 * page writes into `X-Forwarded-Host` is its own choice: that name may be asked about besides, never instead.
 */
export function createHostRules(options: HostRulesOptions): HostRules {
  const { boundHost, machineName, allowedHosts, corsOrigins } = options;
  const isForAll = isWildcard(boundHost);
  const names = new Set([boundHost, ...allowedHosts].map((name) => name.toLowerCase()));
  if (isForAll) {
    names.add(machineName.toLowerCase());
    names.add(`${machineName.toLowerCase()}.local`);
  }
  return {
    allowsHost(host) {
      // Browsers always send one.
      if (host === undefined || names.has('*')) return true;
      const name = hostName(host);
      if (name === undefined) return false;
      return isLoopback(name) || names.has(name) || (isForAll && isIP(name) > 0);
    },
    allowsOrigin(origin, host) {
      if (corsOrigins.includes('*') || corsOrigins.includes(origin.toLowerCase())) return true;
      return isOwnOrigin(origin, host);
    },
  };
}

/** True for names and addresses that reach no further than this machine. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version > 0) return loopback.check(host, version === 6 ? 'ipv6' : 'ipv4');
  return /^(.+\.)?localhost$/i.test(host);
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** The name or address in `Host`, in lower case, without port, brackets and the dot that may end a name. */
function hostName(host: string): string | undefined {
  const url = parseUrl(`http://${host}`);
  if (url === undefined || /[/?#@\\]/.test(host)) return undefined;
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

function isOwnOrigin(origin: string, host: string | undefined): boolean {
  const page = parseUrl(origin);
  if (page === undefined || host === undefined || !/^https?:$/.test(page.protocol)) return false;
  // With the page's own scheme, so that a default port is left out on both sides, also behind a proxy that speaks TLS.
  return parseUrl(`${page.protocol}//${host}`)?.host === page.host;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
