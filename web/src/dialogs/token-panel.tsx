import { Code, Group, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { BootstrapTokenResponse } from '../../../client/index.js';
import { CopyButton } from '../parts/copy-button.js';
import { Notice } from '../parts/notice.js';
import { Countdown } from '../time/age.js';
import classes from './token-panel.module.css';

/** A bootstrap token, in the one moment in which it can be seen: itself, and what to do with it on the target machine. */
export function TokenPanel({ token, onCopied }: { token: BootstrapTokenResponse; onCopied: () => void }) {
  const { bootstrapToken, expiresAt, install } = token;
  return (
    <Stack gap="sm">
      <Notice kind="warn" title="Copy it now: this token is shown only once">
        It works one time, for <b>{<Countdown until={expiresAt} over="no longer: it has expired" />}</b>. Whoever has it
        can join as this node.
      </Notice>
      <Snippet title="Bootstrap token" copyLabel="Copy the token" text={bootstrapToken} onCopied={onCopied} autofocus />
      <Tabs defaultValue="config" keepMounted={false}>
        <Tabs.List aria-label="How to install it">
          <Tabs.Tab value="config">Configuration file</Tabs.Tab>
          <Tabs.Tab value="command">Command</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="config" pt="sm">
          <Snippet
            title="Put these lines into config.yaml on the target, then start rollcall-agent"
            copyLabel="Copy the lines for config.yaml"
            text={install.configYaml.trimEnd()}
            onCopied={onCopied}
          />
        </Tabs.Panel>
        <Tabs.Panel value="command" pt="sm">
          <Snippet
            title="Or run this on the target"
            copyLabel="Copy the command"
            text={install.command}
            onCopied={onCopied}
          />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Snippet({
  title,
  copyLabel,
  text,
  onCopied,
  autofocus = false,
}: {
  title: ReactNode;
  copyLabel: string;
  text: string;
  onCopied: () => void;
  autofocus?: boolean;
}) {
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" gap="xs" mb={4}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <CopyButton text={text} label={copyLabel} onCopied={onCopied} data-autofocus={autofocus || undefined} />
      </Group>
      <Code
        block
        className={classes['snippet'] ?? ''}
        tabIndex={0}
        role="region"
        aria-label={copyLabel.replace(/^Copy/, 'Text to copy:')}
      >
        {text}
      </Code>
    </div>
  );
}
