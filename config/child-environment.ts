/**
 * The variables that child processes inherit: all of them, because what native libraries, the dynamic linker and Node
 * itself read there is theirs to know.
 */
export function childEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env };
}
