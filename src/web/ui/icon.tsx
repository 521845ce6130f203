/** Drawn on a grid of 24, two wide. */
const PATHS = {
  upload: 'M12 16V4m0 0L7 9m5-5 5 5M4 16v3a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-3',
  microphone: 'M12 15a3 3 0 0 0 3-3V6a3 3 0 1 0-6 0v6a3 3 0 0 0 3 3Zm-7-3a7 7 0 0 0 14 0M12 19v3',
  close: 'M6 6l12 12M18 6 6 18',
  delete: 'M4 7h16M10 11v6m4-6v6M6 7l1 13h10l1-13M9 7V4h6v3',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5v14l11-7Z',
  stop: 'M7 7h10v10H7Z',
  plus: 'M12 5v14M5 12h14',
  check: 'M5 13l4 4L19 7',
  alert: 'M12 8v5m0 3.5v.01M12 3 2.5 20h19Z',
  clock: 'M12 7v5l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  retry: 'M4 12a8 8 0 1 1 2.3 5.7M4 20v-4h4',
  back: 'M15 5l-7 7 7 7',
  file: 'M6 3h8l4 4v14H6ZM14 3v4h4',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6.5m1.5 3a6.5 6.5 0 0 1 4 6',
  captions: 'M3 6h18v12H3ZM7 14h4m3 0h3M7 10h2m3 0h5',
  key: 'M14.5 9.5 21 3m-3 3 2 2m-5.5 1.5a4.5 4.5 0 1 1-2-2',
} as const;

export type IconName = keyof typeof PATHS;

/** With a label it is a picture that says something, without one an ornament. */
export function Icon({ name, label }: { readonly name: IconName; readonly label?: string }) {
  if (label === undefined) {
    return (
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d={PATHS[name]} />
      </svg>
    );
  }
  return (
    <svg class="icon" viewBox="0 0 24 24" role="img" aria-label={label}>
      <path d={PATHS[name]} />
    </svg>
  );
}
