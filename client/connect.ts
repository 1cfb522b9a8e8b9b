import { answer } from './answer.js';
import { createClient, createConfig, type Client } from './client/index.js';
import { followEvents, type FollowedEvent, type Following } from './follow-events.js';
import { retryingFetch, type RetryOptions } from './retrying-fetch.js';
import * as operations from './sdk.gen.js';

export interface ConnectOptions {
  /** Where the api is: `https://rollcall.example`. */
  server: string;
  /** An api token, or what gets one. */
  token: string | (() => string | Promise<string>);
  /** Sent as `User-Agent`: whose program this is. */
  userAgent?: string;
  retries?: RetryOptions;
}

type Operations = Omit<typeof operations, 'streamEvents'>;
type DataOf<Operation extends (...options: never) => unknown> =
  Awaited<ReturnType<Operation>> extends infer Outcome
    ? Outcome extends { data: infer Data; error: undefined }
      ? Data
      : never
    : never;

/** One method for each operation of the api: it resolves to the data of the answer, and rejects with a RollcallError. */
export type RollcallOperations = {
  readonly [Name in keyof Operations]: (...options: Parameters<Operations[Name]>) => Promise<DataOf<Operations[Name]>>;
};

export type Rollcall = RollcallOperations & {
  /** For the functions of this package, and for whatever needs more than the data of an answer. */
  readonly client: Client;
  /** What happens to nodes, as it happens: see {@link followEvents}. */
  events(following?: Omit<Following, 'client' | 'open'>): AsyncGenerator<FollowedEvent, void>;
};

/** A cluster, spoken to by one api token. Nothing is asked yet. */
export function connect({ server, token, userAgent = 'rollcall-client', retries = {} }: ConnectOptions): Rollcall {
  const client = createClient(
    createConfig({
      baseUrl: server.replace(/\/+$/, ''),
      auth: () => (typeof token === 'string' ? token : token()),
      headers: { 'user-agent': userAgent },
      fetch: retryingFetch(retries),
      // The token is for this address, and a change would become a read.
      redirect: 'manual',
    }),
  );
  const { streamEvents: _stream, ...called } = operations;
  const bound = Object.entries(called).map(([name, operation]) => [
    name,
    (options?: object) => answer((operation as (options: object) => Promise<object>)({ client, ...options })),
  ]);
  return {
    ...(Object.fromEntries(bound) as RollcallOperations),
    client,
    events: (following = {}) => followEvents({ ...following, client }),
  };
}
