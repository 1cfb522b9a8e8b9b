import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const HEXTETS = 8;

/**
 * The key of an address for rate limits: for IPv6 the /64 network, since a host can use all addresses in it.
 * @param address undefined for a closed socket, which has no address, whatever Fastify's types say
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return 'gone';
  const [, ipv4] = MAPPED_IPV4.exec(address) ?? [];
  if (ipv4 !== undefined) return ipv4;
  const [unscoped = ''] = address.split('%', 1);
  if (!isIPv6(unscoped)) return address;
  const [head = '', tail] = unscoped.split('::', 2);
  const [before, after] = [hextets(head), hextets(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: HEXTETS - before.length - after.length }, () => '0');
  return `${[...before, ...zeros, ...after].slice(0, 4).map(shortest).join(':')}::/64`;
}

function hextets(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function shortest(hextet: string): string {
  return Number.parseInt(hextet, 16).toString(16);
}
