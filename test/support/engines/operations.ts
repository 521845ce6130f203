/** What the fixture engines can be asked for. */
export type FixtureOperations = {
  /** Which process answers. */
  who: { input: Record<string, never>; output: { pid: number } };
  /** Answers after a while; records the order in which calls began in `journal`, one name a line. */
  wait: {
    input: { ms: number; name?: string; journal?: string };
    output: { pid: number; wasCancelled: boolean };
  };
  /** Holds the main thread, as native inference does, with so much memory. */
  hold: { input: { ms: number; bytes?: number }; output: { pid: number } };
  /** Holds the main thread again and again, and tells its progress in between. */
  steps: { input: { steps: number; ms: number }; output: { pid: number } };
  /** Takes memory and keeps it. */
  grow: { input: { bytes: number }; output: { pid: number } };
  /** Looks at samples: how many, their sum, and how many bytes of memory came with them. */
  measure: {
    input: { samples: Int16Array };
    output: { length: number; sum: number; heldBytes: number; echo: Int16Array };
  };
  /** Ends the process with SIGKILL in the middle of the request, unless `onlyOnce` exists already. */
  die: { input: { onlyOnce?: string }; output: { pid: number } };
  failWithCatalogued: { input: Record<string, never>; output: never };
  failWithAnything: { input: Record<string, never>; output: never };
  print: { input: { text: string }; output: { pid: number } };
};

/** What the fixture engines are started with. */
export type FixtureSpec = {
  /** A file whose existence changes what a start does. */
  readonly marker?: string;
  /** Written by the child: its pid, one a line. */
  readonly pids?: string;
  /** What the engine says that it does without. */
  readonly notes?: readonly string[];
};
