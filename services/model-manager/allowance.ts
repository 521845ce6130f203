/** Work on audio may take so many times as long as the audio, on the slowest machine and with the largest model. */
const SLOWEST = 5;
/** Clustering of what the models said about audio is so much quicker than the models. */
const CLUSTERING = 0.002;

/** How much longer a request may be without progress for the audio that it has in hand, in seconds. */
export function allowanceSeconds(audioSeconds: number): number {
  return SLOWEST * audioSeconds;
}

/** The same for what is only clustered: a day takes about 15 s, and is allowed 14 minutes. */
export function clusteringAllowanceSeconds(audioSeconds: number): number {
  return allowanceSeconds(audioSeconds * CLUSTERING);
}
