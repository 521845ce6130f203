import S3rver from '@20minutes/s3rver';
import { testFolder } from './paths.js';

export type TestS3 = {
  /** BLOB_URL of a bucket there; the environment has the keys to it. */
  readonly url: string;
  /** Answers nobody any more, until it is started again. */
  stop(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

/** The only key that this server knows. */
const KEY = 'S3RVER';
const BUCKET = 'audio';

/** A server that speaks S3, on a free port of this machine, with an empty bucket. */
export async function startS3(): Promise<TestS3> {
  const folder = await testFolder();
  const serverAt = (port: number): S3rver =>
    new S3rver({
      address: '127.0.0.1',
      port,
      directory: folder.path,
      silent: true,
      // It reckons the signatures of lists in a way of its own.
      allowMismatchedSignatures: true,
      configureBuckets: [{ name: BUCKET }],
    });
  let server = serverAt(0);
  const { port } = await server.run();
  process.env.AWS_ACCESS_KEY_ID = KEY;
  process.env.AWS_SECRET_ACCESS_KEY = KEY;
  const stop = async (): Promise<void> => {
    const stopped = server.close();
    server.httpServer.closeAllConnections();
    await stopped;
  };
  return {
    url: `s3://${BUCKET}/whosaid?endpoint=http://127.0.0.1:${port}`,
    stop,
    async start() {
      server = serverAt(port);
      await server.run();
    },
    async close() {
      await stop();
      await folder.remove();
    },
  };
}
