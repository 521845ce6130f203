import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Pixels of style, not of the screen. */
export type Size = { readonly width: number; readonly height: number };

/** The size of an element, as long as it is there; new also when light gives way to dark, so that it is drawn anew. */
export function useSize(element: RefObject<HTMLElement | null>): Size | undefined {
  const [size, setSize] = useState<Size>();
  useLayoutEffect(() => {
    const measured = element.current;
    if (measured === null) return;
    const measure = () => setSize({ width: measured.clientWidth, height: measured.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(measured);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', measure);
    measure();
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', measure);
    };
  }, [element]);
  return size;
}
