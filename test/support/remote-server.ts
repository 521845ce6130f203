import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A server on loopback that stands for one somewhere on the internet. */
export type RemoteServer = {
  /** `http://127.0.0.1:…` or `https://…`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Ends its connections, too. */
  close(): Promise<void>;
};

export type RemoteServerOptions = {
  readonly isTls?: boolean;
  /** Default: a free one. */
  readonly port?: number;
  /** Answers those who ask before they send a body (`Expect: 100-continue`). Default: they may. */
  readonly onExpect?: RequestListener;
};

export async function startRemoteServer(
  listener: RequestListener,
  { isTls = false, port: wanted = 0, onExpect }: RemoteServerOptions = {},
): Promise<RemoteServer> {
  const server = isTls
    ? createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, listener)
    : createServer(listener);
  if (onExpect !== undefined) server.on('checkContinue', onExpect);
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** For `recordings.test` and 127.0.0.1, signed by itself: it is worth nothing outside of tests. */
export const TEST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAaMRgwFgYDVQQDDA9yZWNvcmRp
bmdzLnRlc3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBoxGDAW
BgNVBAMMD3JlY29yZGluZ3MudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA
BMDcvrQsW5fZTT8NEgBai8NVAO26a9PW/TeyUK6RVTiskYj60ZtG1FZ9yCa1grMZ
jvDr24M74/TNTwPEuhmrjfKjVDBSMA8GA1UdEwEB/wQFMAMBAf8wIAYDVR0RBBkw
F4IPcmVjb3JkaW5ncy50ZXN0hwR/AAABMB0GA1UdDgQWBBSjU69JdF6Lo0NsFXtm
NRO2SMYUBjAKBggqhkjOPQQDAgNJADBGAiEAhaSbAZIIFxM/dLFQhVxkop/UpZ+s
kAzgBg0FB9c6LHQCIQCaNAixHOvNDC4aAVrYTs9oLJ764d6750uFVoxe85wHCg==
-----END CERTIFICATE-----
`;

const TEST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXKNxKflm+lVsxFca
E+Pc76qDAmDDCOVgBKnjsID2y96hRANCAATA3L60LFuX2U0/DRIAWovDVQDtumvT
1v03slCukVU4rJGI+tGbRtRWfcgmtYKzGY7w69uDO+P0zU8DxLoZq43y
-----END PRIVATE KEY-----
`;
