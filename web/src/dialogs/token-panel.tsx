import { Code, Group, Stack, Tabs, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Install } from '../../../client/index.js';
import { useSecretShown } from '../loading/secret-shown.js';
import { CopyButton } from '../parts/copy-button.js';
import { Notice } from '../parts/notice.js';
import { Countdown } from '../time/age.js';
import type { ShownSecret } from './shown-secret.js';
import classes from './token-panel.module.css';

const FORMS: {
  value: string;
  tab: string;
  title: string;
  copyLabel: string;
  text: (install: Install) => string;
}[] = [
  {
    value: 'command',
    tab: 'Command',
    title: 'Run this on the target: it installs the agent and waits until it has joined',
    copyLabel: 'Copy the command',
    text: ({ command }) => command,
  },
  {
    value: 'config',
    tab: 'Configuration file',
    title: 'If an agent is installed already: add these lines to its config.yaml and start it',
    copyLabel: 'Copy the lines for config.yaml',
    text: ({ configYaml }) => configYaml,
  },
  {
    value: 'cloud-init',
    tab: 'cloud-init',
    title: 'User data for the machine: it joins at its first boot',
    copyLabel: 'Copy the user data for cloud-init',
    text: ({ cloudInit }) => cloudInit,
  },
  {
    value: 'ansible',
    tab: 'Ansible',
    title: 'A playbook that installs the agent and waits until it has joined',
    copyLabel: 'Copy the playbook for Ansible',
    text: ({ ansible }) => ansible,
  },
];

/** A token, the only time it is shown, and what to do with it on a target machine. */
export function TokenPanel({ token, onCopied }: { token: ShownSecret; onCopied: () => void }) {
  useSecretShown();
  const { name, text, works, expiresAt, whoever, install } = token;
  return (
    <Stack gap="sm">
      <Notice kind="warn" title="Copy it now: this token is shown only once">
        {works}
        {expiresAt !== null && (
          <>
            , for <b>{<Countdown until={expiresAt} over="it has expired" />}</b>
          </>
        )}
        . {whoever}
      </Notice>
      <Snippet title={name} copyLabel="Copy the token" text={text} onCopied={onCopied} autofocus />
      {install !== null && <InstallForms install={install} onCopied={onCopied} />}
    </Stack>
  );
}

function InstallForms({ install, onCopied }: { install: Install; onCopied: () => void }) {
  return (
    <>
      {!install.isPackageServed && (
        <Notice kind="information" title="This api has no agent package">
          Command, cloud-init and Ansible need one: <Code>npm run package</Code> makes it where the source is, and{' '}
          <Code>Orchestrator.API.PackagesDir</Code> names the folder. Until then install the agent by hand.
        </Notice>
      )}
      <Tabs defaultValue={install.isPackageServed ? 'command' : 'config'} keepMounted={false}>
        <Tabs.List aria-label="How to install it">
          {FORMS.map(({ value, tab }) => (
            <Tabs.Tab key={value} value={value}>
              {tab}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {FORMS.map(({ value, title, copyLabel, text }) => (
          <Tabs.Panel key={value} value={value} pt="sm">
            <Snippet title={title} copyLabel={copyLabel} text={text(install).trimEnd()} onCopied={onCopied} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
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
