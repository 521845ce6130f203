/**
 * What the page's policy asks of a `<style>` element, for libraries that make one. Browsers show it to scripts only as
 * this property.
 */
export function styleNonce(): string {
  const meta = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]');
  return meta?.nonce ?? '';
}
