/** Exports of the package `@rollcall/client`. */
export * from './index.js';
export { createClient, createConfig, type Client } from './client/index.js';
export { connect, type ConnectOptions, type Rollcall, type RollcallOperations } from './connect.js';
export { answer, type Outcome } from './answer.js';
export { allPages, items, pages, type AskPage, type ListedPage } from './pages.js';
export { followEvents, type FollowedEvent, type Following } from './follow-events.js';
export { RollcallError, RollcallProblem, RollcallUnreachable } from './problem.js';
export { retryingFetch, RETRY_DEFAULTS, type RetryOptions } from './retrying-fetch.js';
