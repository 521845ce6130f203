import type { ScaleFigures } from '../figures.js';
import { type Assumptions, costsOf } from './costs.js';
import type { Resource } from './plant.js';

export type Limit = {
  readonly resource: Exclude<Resource, 'workers'>;
  /** Audio seconds a second that it serves at most. */
  readonly throughput: number;
  /** Workers that bring it there, were there no other limit. */
  readonly workers: number;
};

/** Audio seconds that one worker does in a second where nothing holds it up. */
export function rateOfOne(figures: ScaleFigures): number {
  const { workSeconds, cutSeconds, mergeSeconds } = costsOf(figures);
  const mean = workSeconds.reduce((sum, seconds) => sum + seconds, 0) / workSeconds.length;
  return 1 / (mean + cutSeconds + mergeSeconds);
}

/** Where what all workers share has its end, whatever comes first. */
export function limitsOf(figures: ScaleFigures, assumed: Assumptions): readonly Limit[] {
  const costs = costsOf(figures);
  const one = rateOfOne(figures);
  const { redis } = figures;
  // Written and read once each.
  const bytes = 2 * (costs.recordingBytes + costs.chunkBytes + costs.resultBytes);
  const limit = (resource: Limit['resource'], throughput: number): Limit => ({
    resource,
    throughput,
    workers: throughput / one,
  });
  const workersOfRedis =
    redis.commandsPerSecond / (one * costs.redisCommands + redis.idleCommandsPerSecond);
  return [
    limit('Redis', workersOfRedis * one),
    limit('store', assumed.storeBytesPerSecond / bytes),
    limit('gateways', assumed.gateways / costs.gatewaySeconds),
  ].sort((first, second) => first.workers - second.workers);
}
