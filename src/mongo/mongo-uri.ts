import { mongo, type ConnectOptions } from 'mongoose';
import { ConfigError } from '../../contract/config/config-error.js';
import { parseMongodbUri } from '../../contract/config/mongodb-uri.js';
import type { Config } from '../../contract/config/schema.js';
import { readAuthoritiesOf, readKeyPair } from '../process/pem-files.js';

/** What an operator may want otherwise, and says in the URI then. */
const UNLESS_THE_URI_SAYS: ConnectOptions = {
  // No server within this time is an error for whoever waits: the caller retries or answers 503.
  serverSelectionTimeoutMS: 3_000,
  // No operation hangs on a server that stopped answering.
  socketTimeoutMS: 5_000,
  connectTimeoutMS: 3_000,
  appName: 'rollcall',
};

const ALWAYS: ConnectOptions = {
  // A write counts once a majority has it on disk: a decision that was acknowledged survives any one server. A URI that says otherwise is refused.
  w: 'majority',
  journal: true,
  // An operation before the first connection fails at once, it does not queue.
  bufferCommands: false,
  autoIndex: false,
  autoCreate: false,
};

const SECTION = 'Orchestrator.MongoDB';

/** Where MongoDB is, and how every process of ours speaks to it. */
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

  /** For logs: without user name and password. */
  get shown(): string {
    return this.value.replace(/\/\/[^@/]*@/, '//');
  }

  /** The driver would say so at each try to connect, for ever. */
  private refuseUnusable(): void {
    try {
      // It only reads them: it connects later, and here never.
      void new mongo.MongoClient(this.value, tlsOnly(this.options));
    } catch (error) {
      throw new ConfigError(`${SECTION}.URI cannot be used: ${(error as Error).message}`, `${SECTION}.URI`);
    }
  }
}

/** Without what is mongoose's, which the driver does not know. */
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
