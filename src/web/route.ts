import { signal } from '@preact/signals';

/** What the page shows, as its address says behind `#`. */
export type Route =
  | { readonly page: 'new' }
  | { readonly page: 'live' }
  | { readonly page: 'job'; readonly id: string };

export const route = signal(read());

addEventListener('hashchange', () => {
  route.value = read();
});

export const newLink = '#/';
export const liveLink = '#/live';

export function jobLink(id: string): string {
  return `#/jobs/${id}`;
}

export function goTo(link: string): void {
  location.hash = link;
}

function read(): Route {
  const id = /^#\/jobs\/([\w-]+)$/.exec(location.hash)?.[1];
  if (id !== undefined) return { page: 'job', id };
  return { page: location.hash === liveLink ? 'live' : 'new' };
}
