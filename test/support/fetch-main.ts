import { fetchRecording } from '#services/remote/fetch-recording.js';

/** Fetches `https://recordings.test:<port>/` from loopback into a folder and prints what came of it. */
const [port, folder = ''] = process.argv.slice(2);
try {
  const { bytes } = await fetchRecording({
    url: `https://recordings.test:${port}/`,
    folder,
    maxBytes: 1000,
    allowPrivate: true,
    signal: AbortSignal.timeout(60_000),
    network: { resolve: async () => [{ address: '127.0.0.1', family: 4 }] },
  });
  console.log(`${bytes} bytes`);
} catch (error) {
  console.log((error as Error).message);
}
