import { answer } from './answer.js';
import { createClient, createConfig, type Client } from './client/index.js';
import { followEvents, type FollowedEvent, type Following } from './follow-events.js';
import { retryingFetch, type RetryOptions } from './retrying-fetch.js';
import * as operations from './sdk.gen.js';

export interface ConnectOptions {
  /** Address of the api: `https://rollcall.example`. */
  server: string;
  /** An api token, or a function that returns one. */
  token: string | (() => string | Promise<string>);
  /** Sent as `User-Agent`; names the calling program. */
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

/** One method per operation of the api: it resolves to the data of the answer, and rejects with a RollcallError. */
export type RollcallOperations = {
  readonly [Name in keyof Operations]: (...options: Parameters<Operations[Name]>) => Promise<DataOf<Operations[Name]>>;
};

export type Rollcall = RollcallOperations & {
  /** The generated client, for the functions of this package, and for callers that need more than the data of an answer. */
  readonly client: Client;
  /** Follows events of nodes: see {@link followEvents}. */
  events(following?: Omit<Following, 'client' | 'open'>): AsyncGenerator<FollowedEvent, void>;
};

/** Makes a client for a cluster and one api token. Sends no request yet. */
export function connect({ server, token, userAgent = 'rollcall-client', retries = {} }: ConnectOptions): Rollcall {
  const client = createClient(
    createConfig({
      baseUrl: server.replace(/\/+$/, ''),
      auth: () => (typeof token === 'string' ? token : token()),
      headers: { 'user-agent': userAgent },
      fetch: retryingFetch(retries),
      // The token is for this address, and a redirected change would become a read.
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
