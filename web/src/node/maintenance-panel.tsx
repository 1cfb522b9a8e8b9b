import { Group } from '@mantine/core';
import type { Node } from '../../../client/index.js';
import { useDialogs } from '../actions/dialog-context.js';
import { whyDisabled } from '../actions/offered-action.js';
import { ActionButton } from '../parts/action-button.js';
import { Fact, Facts } from '../parts/facts.js';
import { Panel } from '../parts/panel.js';
import { useLogin } from '../sign-in/login-context.js';
import { Age, Countdown, ExactTime } from '../time/age.js';

/** A node's plan: when it is taken out or comes back by itself, by whom and why; and how to change that. */
export function MaintenancePanel({ node }: { node: Node }) {
  const { planned, until, availability } = node;
  const login = useLogin();
  const { openDialog } = useDialogs();
  if (!planned && !until) return null;
  const button = (action: 'activate' | 'deactivate', label: string) => (
    <ActionButton
      size="xs"
      variant="default"
      whyNot={whyDisabled(action, node, login)}
      onClick={() => openDialog({ kind: action, node })}
    >
      {label}
    </ActionButton>
  );
  return (
    <Panel
      title="Maintenance"
      actions={
        <Group gap="xs">
          {button('deactivate', until ? 'Change its end' : 'Change it')}
          {button('activate', until ? 'End it now' : 'Cancel it')}
        </Group>
      }
    >
      <Facts>
        {until && (
          <Fact name="Back">
            <Moment at={until} />, as {availability.by} said
            {availability.reason !== '' && `: ${availability.reason}`}
          </Fact>
        )}
        {planned && (
          <>
            <Fact name="Out">
              <Moment at={planned.at} />
            </Fact>
            <Fact name="Until">{planned.until ? <Moment at={planned.until} /> : 'somebody activates it'}</Fact>
            <Fact name="Planned">
              <Age at={planned.since} /> by {planned.by}
              {planned.reason !== '' && `: ${planned.reason}`}
            </Fact>
            {planned.deadline !== null && (
              <Fact name="Deadline">
                {planned.deadline}, then{' '}
                {planned.onDeadline === 'terminate' ? 'remaining sessions are terminated' : 'it goes on waiting'}
              </Fact>
            )}
          </>
        )}
      </Facts>
    </Panel>
  );
}

function Moment({ at }: { at: string }) {
  return (
    <>
      in{' '}
      <strong className="numeric">
        <Countdown until={at} over="a moment" />
      </strong>
      , at <ExactTime at={at} />
    </>
  );
}
