/**
 * The schema, step by step: step n makes version n of version n - 1. A step that was released is never changed; what is
 * to be different comes in another one. Times are milliseconds since 1970.
 */
export const MIGRATIONS: readonly string[] = [
  `
  -- 'number' is the order in which jobs came.
  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    bytes INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    file TEXT NOT NULL,
    work TEXT NOT NULL,
    rendering TEXT NOT NULL,
    batch_id TEXT,
    webhook_url TEXT,
    idempotency_key TEXT,
    fingerprint TEXT,
    audio_seconds REAL NOT NULL DEFAULT 0,
    total_seconds REAL,
    error TEXT,
    from_cache INTEGER NOT NULL DEFAULT 0,
    starts INTEGER NOT NULL DEFAULT 0,
    delivery_due INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX jobs_idempotency ON jobs (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX jobs_of_owner ON jobs (owner, created_at, number, status);
  CREATE INDEX jobs_of_batch ON jobs (owner, batch_id, created_at, number, status) WHERE batch_id IS NOT NULL;
  CREATE INDEX jobs_open ON jobs (number, status, bytes) WHERE status IN ('pending', 'processing');
  CREATE INDEX jobs_ended ON jobs (ended_at) WHERE ended_at IS NOT NULL;
  CREATE INDEX jobs_to_tell ON jobs (delivery_due) WHERE delivery_due IS NOT NULL;

  CREATE TABLE events (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    news TEXT NOT NULL,
    PRIMARY KEY (job, seq)
  ) STRICT, WITHOUT ROWID;

  -- A recording without channels has all its chunks in channel 0.
  CREATE TABLE chunks (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
    channel INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (job, channel, position)
  ) STRICT;

  CREATE TABLE transcripts (
    job INTEGER PRIMARY KEY REFERENCES jobs (number) ON DELETE CASCADE,
    body BLOB NOT NULL
  ) STRICT;

  CREATE TABLE deliveries (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
    attempt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    failure TEXT,
    PRIMARY KEY (job, attempt)
  ) STRICT, WITHOUT ROWID;

  -- 'used' counts upwards: the smallest was used least recently.
  CREATE TABLE cache (
    key TEXT PRIMARY KEY,
    used INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX cache_used ON cache (used, bytes);
  `,
  `
  -- The server that has this file now, or had it last: whoever finds the lock taken tells which process has it.
  CREATE TABLE server (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    since INTEGER NOT NULL
  ) STRICT;
  `,
  `
  -- Bodies have a form of their own from here on (codec.ts), which an earlier program cannot read; it is told so.
  SELECT 1;
  `,
];
