import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What a machine in a cloud asks about itself and its keys, at an address that looks public. */
const METADATA_ADDRESSES = ['168.63.129.16'];

/** The part of IPv6 that addresses of the internet are given out from; the rest is special or not in use. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');
/** Translators put an IPv4 address into the last four bytes: https://www.rfc-editor.org/rfc/rfc6052 */
const TRANSLATED = ipaddr.parseCIDR('64:ff9b::/96');

/**
 * Whether an address, as a resolver gives it, is one that anybody on the internet may have: not this machine, not a
 * private, local or shared network, nothing reserved, and no IPv6 address that stands for such an IPv4 address.
 * What cannot be read as an address is not.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return isPublicIPv4(address);
  if (address.isIPv4MappedAddress()) return isPublicIPv4(address.toIPv4Address());
  // Networks without IPv4 reach it like this: their resolvers make such addresses of public ones.
  if (address.match(TRANSLATED as [ipaddr.IPv6, number])) {
    return isPublicIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
  }
  // 6to4 and Teredo hold IPv4 addresses, too, and are ranges of their own: all of them are refused.
  return address.match(GLOBAL_UNICAST as [ipaddr.IPv6, number]) && address.range() === 'unicast';
}

function isPublicIPv4(address: ipaddr.IPv4): boolean {
  return address.range() === 'unicast' && !METADATA_ADDRESSES.includes(address.toString());
}
