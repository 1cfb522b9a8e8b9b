import type { SessionsReport } from '../../client/index.js';

/** A live session, in the words of the report. */
export type LiveSession = SessionsReport['live'][number];

/** How a session ended, in the words of the report. */
export type EndedSession = SessionsReport['ended'][number];
