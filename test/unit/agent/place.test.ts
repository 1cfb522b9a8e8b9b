import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from '@jest/globals';
import { placeReader, routable, type ReadText } from '../../../agent/info/place.js';

const address = (text: string, changes: Partial<NetworkInterfaceInfo> = {}): NetworkInterfaceInfo =>
  ({
    address: text,
    family: text.includes(':') ? 'IPv6' : 'IPv4',
    internal: false,
    ...changes,
  }) as NetworkInterfaceInfo;
const interfaces = () => ({
  lo: [address('127.0.0.1', { internal: true }), address('::1', { internal: true })],
  eth0: [address('2001:db8::7'), address('10.0.0.7'), address('fe80::1'), address('169.254.1.1')],
});
const files =
  (texts: Record<string, string>): ReadText =>
  (path) =>
    Promise.resolve(texts[path]);

const CLOUD_INIT = '/run/cloud-init/instance-data.json';

test('addresses are those at which others reach the machine, IPv4 first, each once', () => {
  expect(routable([...interfaces().lo, ...interfaces().eth0, address('10.0.0.7')])).toEqual([
    '10.0.0.7',
    '2001:db8::7',
  ]);
});

test('cloud-init provides zone and instance, and the configuration takes precedence', async () => {
  const v1 = { availability_zone: 'eu-central-1a', instance_id: 'i-0123456789abcdef0', region: 'eu-central-1' };
  const read = files({ [CLOUD_INIT]: JSON.stringify({ v1, ds: {} }) });
  expect(await placeReader({}, read, interfaces)()).toMatchObject({
    zone: 'eu-central-1a',
    instanceId: 'i-0123456789abcdef0',
    addresses: ['10.0.0.7', '2001:db8::7'],
  });
  const configured = { Zone: 'hall-2', InstanceId: 'blade-7', Addresses: ['node-7.example.com'] };
  expect(await placeReader(configured, read, interfaces)()).toMatchObject({
    zone: 'hall-2',
    instanceId: 'blade-7',
    addresses: ['node-7.example.com'],
  });
});

test.each([
  [{ '/sys/class/dmi/id/board_asset_tag': 'i-0123456789abcdef0' }, 'i-0123456789abcdef0'],
  [{ '/sys/class/dmi/id/board_asset_tag': 'No Asset Tag' }, undefined],
  [
    { '/sys/class/dmi/id/product_uuid': 'EC2A1B2C-0000-4000-8000-0123456789AB' },
    'ec2a1b2c-0000-4000-8000-0123456789ab',
  ],
  [{ '/sys/class/dmi/id/product_uuid': '00000000-0000-0000-0000-000000000000' }, undefined],
  [{ [CLOUD_INIT]: 'no JSON' }, undefined],
  [{ [CLOUD_INIT]: '{"v1":{"instance_id":7}}' }, undefined],
])('of %j the instance is %s, and unknown values are absent', async (texts, instanceId) => {
  const place = await placeReader({}, files(texts), interfaces)();
  expect(place.instanceId).toBe(instanceId);
  expect(place).not.toHaveProperty('zone');
});

test('the boot time is in the past, and the same at every look', async () => {
  const read = placeReader({}, files({}), interfaces);
  const { bootTime } = await read();
  expect(Date.parse(bootTime ?? '')).toBeLessThan(Date.now());
  expect((await read()).bootTime).toBe(bootTime);
});
