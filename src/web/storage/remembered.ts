/** Small choices that are remembered, as JSON. Gives undefined where nothing is kept or it cannot be read. */
export function remembered(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`whosaid-${name}`) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    localStorage.setItem(`whosaid-${name}`, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing starts with the defaults again.
  }
}
