import type { ConnectOptions } from 'mongoose';

/** Where MongoDB is, and how every process of ours speaks to it. */
export class MongoUri {
  readonly options: ConnectOptions = {
    // A write counts once a majority has it on disk: a decision that was acknowledged survives any one server.
    w: 'majority',
    journal: true,
    // No server within this time is an error for whoever waits: the caller retries or answers 503.
    serverSelectionTimeoutMS: 3_000,
    // No operation hangs on a server that stopped answering.
    socketTimeoutMS: 5_000,
    connectTimeoutMS: 3_000,
    // An operation before the first connection fails at once, it does not queue.
    bufferCommands: false,
    autoIndex: false,
    autoCreate: false,
    appName: 'rollcall',
  };

  constructor(readonly value: string) {}

  /** For logs: without user name and password. */
  get shown(): string {
    return this.value.replace(/\/\/[^@/]*@/, '//');
  }
}
