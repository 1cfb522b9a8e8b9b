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

/** Credentials for Temporal, in the form that the SDK's client and workers take. */
export interface TemporalPasses {
  tls: TlsOptions;
  apiKey: string | undefined;
  /** Headers of each request, from the profile. */
  metadata: Record<string, string> | undefined;
}

/** Result of reading the configuration and the files that it names. */
interface Reading {
  address: string | undefined;
  namespace: string | undefined;
  passes: TemporalPasses;
  files: string[];
}

/** Injection token of the configuration. */
export const TEMPORAL_CONFIG = Symbol('TemporalConfig');

const SECTION = 'Orchestrator.Temporal';

/** Follows the files with credentials: keys and certificates may be renewed while the process runs. */
@Injectable()
export class TemporalAccess implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('Temporal');
  private readonly listeners = new Set<() => void>();
  private readonly files: string[];
  private inForce: TemporalPasses;
  private stopFollowing: () => void = () => undefined;

  /** @throws ConfigError where a file is invalid */
  constructor(@Inject(TEMPORAL_CONFIG) private readonly config: TemporalConfig) {
    const { passes, files } = readTemporalAccess(config);
    this.inForce = passes;
    this.files = files;
  }

  get passes(): TemporalPasses {
    return this.inForce;
  }

  /** @returns unsubscribes the listener */
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

  /** Reads the files again. Invalid ones are logged, and the current credentials stay in use. */
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
 * Fills in address and namespace from the Temporal profile where the configuration lacks them.
 * @throws ConfigError where the profile is invalid
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
 * Reads address and credentials. The configuration takes precedence over the Temporal profile.
 * @throws ConfigError where a file is invalid, or a key would cross the network unencrypted
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

/** Reads Temporal's profile file and environment variables only where the file is configured: a stray variable must not redirect a cluster. */
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

/** Validates certificates, since the library accepts any text as one, and ignores one without a key. */
function checked(profile: ClientConfigProfile): ClientConfigProfile {
  const { clientCert, clientKey, serverCACert } = profile.tls ?? {};
  if ((clientCert === undefined) !== (clientKey === undefined))
    throw new Error('its client certificate and the key of that are both needed');
  if (clientCert && 'path' in clientCert && clientKey && 'path' in clientKey)
    readKeyPair('tls', { CertFile: clientCert.path, KeyFile: clientKey.path });
  if (serverCACert && 'path' in serverCACert) readAuthoritiesOf('tls', serverCACert.path);
  return profile;
}

/** Turns the library's errors about the profile into ConfigError. */
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
