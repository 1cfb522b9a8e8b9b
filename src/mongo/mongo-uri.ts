import { mongo, type ConnectOptions } from 'mongoose';
import { ConfigError } from '../../contract/config/config-error.js';
import { parseMongodbUri } from '../../contract/config/mongodb-uri.js';
import type { Config } from '../../contract/config/schema.js';
import { readAuthoritiesOf, readKeyPair } from '../process/pem-files.js';

/** Defaults that an operator may override in the URI. */
const UNLESS_THE_URI_SAYS: ConnectOptions = {
  // Finding no server within this time fails the operation: the caller retries or answers 503.
  serverSelectionTimeoutMS: 3_000,
  // Ends operations on a server that has stopped answering.
  socketTimeoutMS: 5_000,
  connectTimeoutMS: 3_000,
  appName: 'rollcall',
};

const ALWAYS: ConnectOptions = {
  // A write is acknowledged once a majority has it on disk: committed decisions survive the loss of any one server. A URI that says otherwise is refused.
  w: 'majority',
  journal: true,
  // Operations before the first connection fail at once instead of queueing.
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
};

const SECTION = 'Orchestrator.MongoDB';

/** MongoDB's address and connection options, the same for every process. */
export class MongoUri {
  readonly options: ConnectOptions;

  /** @throws ConfigError where the driver cannot use the URI, or a file is not what it should be */
  constructor(
    readonly value: string,
    tls: Config['Orchestrator']['MongoDB']['TLS'] = {},
  ) {
    const said = parseMongodbUri(value)?.options;
    const ours = Object.entries(UNLESS_THE_URI_SAYS).filter(([name]) => !said?.has(name.toLowerCase()));
    this.options = { ...Object.fromEntries(ours), ...ALWAYS, ...tlsOptions(tls) };
    this.refuseUnusable();
  }

  /** The URI without user name and password, for logs. */
  get shown(): string {
    return this.value.replace(/\/\/[^@/]*@/, '//');
  }

  /** Refuses what the driver would complain about at each attempt to connect, for ever. */
  private refuseUnusable(): void {
    try {
      // The constructor only validates; it never connects here.
      void new mongo.MongoClient(this.value, tlsOnly(this.options));
    } catch (error) {
      throw new ConfigError(`${SECTION}.URI cannot be used: ${(error as Error).message}`, `${SECTION}.URI`);
    }
  }
}

/** Without mongoose's own options, which the driver does not know. */
function tlsOnly({ tls, ca, cert, key }: ConnectOptions): mongo.MongoClientOptions {
  return {
    ...(tls !== undefined && { tls }),
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
}

function tlsOptions({ CAFile, CertFile, KeyFile }: Config['Orchestrator']['MongoDB']['TLS']): ConnectOptions {
  const section = `${SECTION}.TLS`;
  const set: ConnectOptions = {
    ...(CAFile !== undefined && { ca: readAuthoritiesOf(`${section}.CAFile`, CAFile) }),
    ...(CertFile !== undefined && KeyFile !== undefined && readKeyPair(section, { CertFile, KeyFile })),
  };
  return Object.keys(set).length === 0 ? {} : { tls: true, ...set };
}
