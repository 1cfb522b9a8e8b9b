import type { Config } from '../contract/config/schema.js';
import { freePort, portTrouble } from './free-port.js';
import type { Home } from './home.js';
import { StartupError } from './startup-error.js';

const REASONS: Record<string, string> = {
  EADDRINUSE: 'is in use by another program',
  EACCES: 'may not be used by this user (ports below 1024 belong to the system)',
  EADDRNOTAVAIL: 'belongs to an address that this machine does not have',
};

/**
 * The port on which the api will listen; for port 0 a free one, the same as last time if possible.
 * @throws StartupError if a fixed port is not available
 */
export async function apiPort(home: Home, config: Config): Promise<number> {
  const { Host, Port } = config.Orchestrator.API;
  if (Port === 0) {
    const earlier = await home.remembered('api-port');
    const port = await freePort(Host, [typeof earlier === 'number' ? earlier : undefined]);
    await home.remember('api-port', port);
    return port;
  }
  const trouble = await portTrouble(Port, Host);
  if (trouble === undefined) return Port;
  const reason = REASONS[trouble] ?? `cannot be listened on (${trouble})`;
  throw new StartupError(
    `The api's port ${Port} on ${Host} ${reason}; choose another with --port N, or set Orchestrator.API in config.yaml.`,
  );
}

/** Where programs on this machine reach the api. */
export function apiUrl(host: string, port: number): string {
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
