import { BlockList, isIP } from 'node:net';

/** IPv4 ranges that are not public: this network, private, shared, loopback, link-local, special purposes, documentation, multicast, reserved. */
const NOT_PUBLIC_4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** IPv6 ranges that are not public: likewise, and all that are translated to IPv4. */
const NOT_PUBLIC_6 = [
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];

const notPublic = new BlockList();
for (const [ranges, family] of [
  [NOT_PUBLIC_4, 'ipv4'],
  [NOT_PUBLIC_6, 'ipv6'],
] as const)
  for (const range of ranges) {
    const [network = '', length] = range.split('/');
    notPublic.addSubnet(network, Number(length), family);
  }

/** Whether an address is public, that is outside of this machine and its networks. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  // An IPv4-mapped IPv6 address is checked against the IPv4 ranges.
  return family !== 0 && !notPublic.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
