import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { INSTALLATION } from '../installation.js';

const FILE = join(INSTALLATION, 'docker-compose.yml');

/** The parts of a service of docker-compose.yml that are used here. */
export interface Service {
  name: string;
  command: string[];
  environment: Record<string, string>;
  replicas: number;
  /** Files and folders of this repository, by path in the container. */
  mounts: ReadonlyMap<string, string>;
}

/** The cluster as described in docker-compose.yml. */
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

/** Parses docker-compose.yml, so that what runs here is what is shipped. */
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
          // In Compose files `$$` is an escaped dollar.
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
