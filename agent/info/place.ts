import { readFile } from 'node:fs/promises';
import { networkInterfaces, uptime, type NetworkInterfaceInfo } from 'node:os';
import type { NodeInfo } from '../../client/index.js';
import type { Config } from '../../contract/config/schema.js';
import { isoTime } from '../../contract/iso-time.js';
import { reportable } from '../process/reportable.js';

/** Where a machine is, and how its provider identifies it. */
export type Place = Pick<NodeInfo, 'addresses' | 'bootTime' | 'zone' | 'instanceId'>;

const MAX_ADDRESSES = 16;
/** cloud-init's copy of the machine's metadata: the same for every provider that it knows, and readable by everyone. */
const CLOUD_INIT = '/run/cloud-init/instance-data.json';
/** What the firmware says: with some providers the asset tag is the instance's id; the UUID is readable by root only. */
const ASSET_TAG = '/sys/class/dmi/id/board_asset_tag';
const PRODUCT_UUID = '/sys/class/dmi/id/product_uuid';
const AWS_INSTANCE = /^i-[0-9a-f]{8,17}$/;
const UUID = /^(?!0{8}-)(?!f{8}-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Text of a file; undefined if it cannot be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

const readText: ReadText = (path) =>
  readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );

/**
 * Reads it without network access. The configuration comes first; unknown values are absent. Addresses are read at each look, since they change,
 * and the boot time once, since setting the clock would change it.
 */
export function placeReader(
  configured: Partial<Pick<Config['Compute'], 'Addresses' | 'Zone' | 'InstanceId'>> = {},
  read: ReadText = readText,
  interfaces = networkInterfaces,
): () => Promise<Place> {
  const bootTime = isoTime(1_000 * Math.round(Date.now() / 1_000 - uptime()));
  return async () => {
    const cloud = cloudOf(await read(CLOUD_INIT));
    const zone = configured.Zone ?? cloud.availability_zone;
    const instanceId = configured.InstanceId ?? cloud.instance_id ?? (await idOfFirmware(read));
    const addresses = configured.Addresses?.length
      ? configured.Addresses
      : routable(Object.values(interfaces()).flat());
    return {
      addresses: addresses.slice(0, MAX_ADDRESSES).map(reportable),
      bootTime,
      ...(zone && { zone: reportable(zone) }),
      ...(instanceId && { instanceId: reportable(instanceId) }),
    };
  };
}

/** Addresses at which others may reach the machine, IPv4 first, without loopback and link-local ones. */
export function routable(found: readonly (NetworkInterfaceInfo | undefined)[]): string[] {
  const usable = found.filter(
    (one) => one !== undefined && !one.internal && !/^(169\.254\.|fe[89ab][0-9a-f]:)/i.test(one.address),
  ) as NetworkInterfaceInfo[];
  const of = (family: string) => usable.filter((one) => one.family === family).map(({ address }) => address);
  return [...new Set([...of('IPv4'), ...of('IPv6')])];
}

function cloudOf(text: string | undefined): { availability_zone?: string; instance_id?: string } {
  try {
    const { v1 } = JSON.parse(text ?? '{}') as { v1?: Record<string, unknown> };
    const known = (name: string) => {
      const value = v1?.[name];
      return typeof value === 'string' && value !== '' ? value : undefined;
    };
    const [zone, id] = [known('availability_zone'), known('instance_id')];
    return { ...(zone && { availability_zone: zone }), ...(id && { instance_id: id }) };
  } catch {
    return {};
  }
}

async function idOfFirmware(read: ReadText): Promise<string | undefined> {
  const tag = await read(ASSET_TAG);
  if (tag !== undefined && AWS_INSTANCE.test(tag)) return tag;
  const uuid = await read(PRODUCT_UUID);
  return uuid !== undefined && UUID.test(uuid) ? uuid.toLowerCase() : undefined;
}
