import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { INSTALLATION } from '../installation.js';

const FILE = join(INSTALLATION, 'docker-compose.yml');

/** A service of docker-compose.yml, as far as it says what runs. */
export interface Service {
  name: string;
  command: string[];
  environment: Record<string, string>;
  replicas: number;
  /** Files and folders of this repository, by where they are in the container. */
  mounts: ReadonlyMap<string, string>;
}

/** What docker-compose.yml says of the cluster. */
export interface Compose {
  services: ReadonlyMap<string, Service>;
  /** The first three numbers of its network's addresses. */
  network: string;
}

interface ComposeFile {
  services: Record<
    string,
    {
      command?: string[];
      environment?: Record<string, string>;
      volumes?: string[];
      deploy?: { replicas?: number };
    }
  >;
  networks: { rollcall: { ipam: { config: [{ subnet: string }] } } };
}

/** Reads the one description of the cluster: what runs here is what is shipped. */
export async function readCompose(): Promise<Compose> {
  const { services, networks } = parse(await readFile(FILE, 'utf8'), { merge: true }) as ComposeFile;
  const [{ subnet }] = networks.rollcall.ipam.config;
  return {
    network: subnet.split('.').slice(0, 3).join('.'),
    services: new Map(
      Object.entries(services).map(([name, { command = [], environment = {}, volumes = [], deploy }]) => [
        name,
        {
          name,
          // A dollar is written twice, so that Compose puts nothing in its place.
          command: command.map((word) => word.replaceAll('$$', '$')),
          environment,
          replicas: deploy?.replicas ?? 1,
          mounts: mountsOf(volumes),
        },
      ]),
    ),
  };
}

function mountsOf(volumes: readonly string[]): Map<string, string> {
  return new Map(
    volumes
      .filter((volume) => volume.startsWith('./'))
      .map((volume) => {
        const [source = '', target = ''] = volume.split(':');
        return [target, join(INSTALLATION, source)];
      }),
  );
}
