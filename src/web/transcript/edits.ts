/** What somebody has changed in a transcript: plain data, kept by the page. */
export type Edits = Readonly<Record<string, unknown>>;

/** A transcript as it was recognised. */
export const noEdits: Edits = {};
