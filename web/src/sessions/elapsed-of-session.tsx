import type { Session } from '../../../client/index.js';
import { mayChange } from './session-state.js';
import { Elapsed } from '../time/age.js';
import { stretchText } from '../time/time-text.js';

/** How long a session has been running, or ran. */
export function ElapsedOfSession({ session }: { session: Session }) {
  if (mayChange(session.state)) {
    return (
      <span className="live numeric">
        <Elapsed since={session.startedAt ?? session.openedAt} />
      </span>
    );
  }
  return (
    <span className="numeric">
      {session.elapsedMs < 1_000 ? `${session.elapsedMs} ms` : stretchText(session.elapsedMs)}
    </span>
  );
}
