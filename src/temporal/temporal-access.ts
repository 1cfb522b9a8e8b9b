import { isDeepStrictEqual } from 'node:util';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { loadClientConfigProfile, toClientOptions, type ClientConfigProfile } from '@temporalio/envconfig';
import { ConfigError } from '../../contract/config/config-error.js';
import type { Config } from '../../contract/config/schema.js';
import { followFiles } from '../process/follow-files.js';
import { readAuthoritiesOf, readKeyPair, readSetting } from '../process/pem-files.js';

type TemporalConfig = Config['Orchestrator']['Temporal'];
type Environment = Readonly<Record<string, string | undefined>>;
type TlsOptions = ReturnType<typeof toClientOptions>['connectionOptions']['tls'];

/** What lets this process in at Temporal, as the SDK's client and its workers take it. */
export interface TemporalPasses {
  tls: TlsOptions;
  apiKey: string | undefined;
  /** Headers of each request, as a profile has them. */
  metadata: Record<string, string> | undefined;
}

/** What the files that it was read from say. */
interface Reading {
  address: string | undefined;
  namespace: string | undefined;
  passes: TemporalPasses;
  files: string[];
}

/** What the configuration is provided under. */
export const TEMPORAL_CONFIG = Symbol('TemporalConfig');

const SECTION = 'Orchestrator.Temporal';

/** Follows the files that hold what lets this process in: keys and certificates are renewed while it runs. */
@Injectable()
export class TemporalAccess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Temporal');
  private readonly listeners = new Set<() => void>();
  private readonly files: string[];
  private inForce: TemporalPasses;
  private stopFollowing: () => void = () => undefined;

  /** @throws ConfigError where a file is not what it should be */
  constructor(@Inject(TEMPORAL_CONFIG) private readonly config: TemporalConfig) {
    const { passes, files } = readTemporalAccess(config);
    this.inForce = passes;
    this.files = files;
  }

  get passes(): TemporalPasses {
    return this.inForce;
  }

  /** @returns stops telling */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  onApplicationBootstrap(): void {
    if (this.files.length > 0) this.stopFollowing = followFiles(this.files, () => this.readAnew());
  }

  onApplicationShutdown(): void {
    this.stopFollowing();
  }

  /** What cannot be used is logged, and the process goes on with what it has. */
  private readAnew(): void {
    try {
      const { passes } = readTemporalAccess(this.config);
      if (isDeepStrictEqual(passes, this.inForce)) return;
      this.inForce = passes;
      this.logger.log('the keys and certificates for Temporal were read anew');
      for (const listener of this.listeners) listener();
    } catch (error) {
      this.logger.error(`the keys and certificates for Temporal were not renewed: ${(error as Error).message}`);
    }
  }
}

/**
 * The configuration with the address and the namespace of Temporal's own profile, where it has none itself.
 * @throws ConfigError
 */
export function withTemporalProfile(config: Config, env: Environment = process.env): Config {
  const { Temporal } = config.Orchestrator;
  const { address, namespace } = readTemporalAccess(Temporal, env);
  return {
    ...config,
    Orchestrator: { ...config.Orchestrator, Temporal: { ...Temporal, Address: address, Namespace: namespace } },
  };
}

/**
 * What the configuration says of the way to Temporal, over what its profile says.
 * @throws ConfigError where a file is not what it should be, or a key would go over the network in clear
 */
export function readTemporalAccess(config: TemporalConfig, env: Environment = process.env): Reading {
  const { APIKeyFile, TLS } = config;
  const profile = readProfile(config, env);
  const apiKey = APIKeyFile === undefined ? profile.apiKey : readApiKey(APIKeyFile);
  const tls = tlsOf(TLS, profile.tls);
  const merged: ClientConfigProfile = {
    ...profile,
    ...(config.Address !== undefined && { address: config.Address }),
    ...(config.Namespace !== undefined && { namespace: config.Namespace }),
    ...(apiKey !== undefined && { apiKey }),
    ...(tls !== undefined && { tls }),
  };
  const { connectionOptions } = usable(config, () => toClientOptions(merged));
  refuseKeyInClear(merged, connectionOptions.tls);
  return {
    address: merged.address,
    namespace: merged.namespace,
    passes: { tls: connectionOptions.tls, apiKey, metadata: profile.grpcMeta },
    files: [
      APIKeyFile,
      TLS.CAFile,
      TLS.CertFile,
      TLS.KeyFile,
      config.ProfileFile,
      ...[profile.tls?.serverCACert, profile.tls?.clientCert, profile.tls?.clientKey].map((source) =>
        source && 'path' in source ? source.path : undefined,
      ),
    ].filter((path) => path !== undefined),
  };
}

/** Temporal's own file and its environment count where the file is named, and else not: a variable of somebody's shell changes no cluster. */
function readProfile(config: TemporalConfig, env: Environment): ClientConfigProfile {
  const { ProfileFile, Profile } = config;
  if (ProfileFile === undefined) return {};
  const data = readSetting(`${SECTION}.ProfileFile`, ProfileFile);
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return usable(config, () =>
    checked(
      loadClientConfigProfile({
        ...(Profile !== undefined && { profile: Profile }),
        configSource: { data },
        configFileStrict: true,
        overrideEnvVars,
      }),
    ),
  );
}

/** Its library takes any text for a certificate, and drops one that has no key. */
function checked(profile: ClientConfigProfile): ClientConfigProfile {
  const { clientCert, clientKey, serverCACert } = profile.tls ?? {};
  if ((clientCert === undefined) !== (clientKey === undefined))
    throw new Error('its client certificate and the key of that are both needed');
  if (clientCert && 'path' in clientCert && clientKey && 'path' in clientKey)
    readKeyPair('tls', { CertFile: clientCert.path, KeyFile: clientKey.path });
  if (serverCACert && 'path' in serverCACert) readAuthoritiesOf('tls', serverCACert.path);
  return profile;
}

/** Where the profile is at fault, its library says so in its own words. */
function usable<Result>({ ProfileFile, Profile }: TemporalConfig, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (ProfileFile === undefined) throw error;
    const [sentence] = (error as Error).message.split('\n');
    throw new ConfigError(
      `${SECTION}.ProfileFile: ${Profile === undefined ? '' : `profile "${Profile}" of `}${ProfileFile} cannot be used: ${sentence}`,
      `${SECTION}.ProfileFile`,
    );
  }
}

function readApiKey(path: string): string {
  const name = `${SECTION}.APIKeyFile`;
  const text = readSetting(name, path).trim();
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new ConfigError(`${name}: ${path} ${text === '' ? 'is empty' : 'holds more than a key: it is one word'}`, name);
}

function tlsOf(ours: TemporalConfig['TLS'], profiles: ClientConfigProfile['tls']): ClientConfigProfile['tls'] {
  const { Enabled, CAFile, CertFile, KeyFile, ServerName } = ours;
  if (Enabled === false) return { disabled: true };
  const section = `${SECTION}.TLS`;
  const set = {
    ...(CAFile !== undefined && { serverCACert: { data: readAuthoritiesOf(`${section}.CAFile`, CAFile) } }),
    ...(CertFile !== undefined && KeyFile !== undefined && pairOf(section, { CertFile, KeyFile })),
    ...(ServerName !== undefined && { serverName: ServerName }),
  };
  if (Enabled === undefined && Object.keys(set).length === 0) return profiles;
  return { ...profiles, ...set, disabled: false };
}

function pairOf(section: string, files: { CertFile: string; KeyFile: string }) {
  const { cert, key } = readKeyPair(section, files);
  return { clientCert: { data: cert }, clientKey: { data: key } };
}

function refuseKeyInClear({ apiKey, address }: ClientConfigProfile, tls: TlsOptions): void {
  if (apiKey === undefined || tls || /^(localhost|127\.[\d.]+|\[::1\]):\d+$/.test(address ?? '')) return;
  throw new ConfigError(
    `${SECTION}.TLS.Enabled: without TLS anyone on the way to Temporal could read the API key; leave it out`,
    `${SECTION}.TLS.Enabled`,
  );
}
