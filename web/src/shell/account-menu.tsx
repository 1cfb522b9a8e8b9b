import { Button, Menu, Text, VisuallyHidden } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { powersText } from '../../../contract/grants.js';
import { logOut } from '../../../client/index.js';
import { answerOf } from '../api/answer-of.js';
import { sentenceOf } from '../api/api-failure.js';
import { setLogin } from '../api/login-query.js';
import { Icon } from '../parts/icon.js';
import { useLogin } from '../sign-in/login-context.js';
import { exactTime } from '../time/time-text.js';
import { announce } from '../parts/toasts.js';
import classes from './account-menu.module.css';

/** Who is signed in, with which role, until when; and signing out. */
export function AccountMenu() {
  const login = useLogin();
  const { name, role, expiresAt } = login;
  const queryClient = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => answerOf(logOut()),
    onSuccess: (out) => {
      setLogin(queryClient, () => ({ login: null, ended: null }));
      // Otherwise the next click on the button would sign the same person in again.
      if (out) location.assign(out.continueAt);
    },
    onError: (error) => announce({ kind: 'failure', text: `You could not be signed out: ${sentenceOf(error)}` }),
  });
  return (
    <Menu position="bottom-end" width={260} shadow="md" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button variant="default" size="xs" px={{ base: 8, sm: 14 }}>
          <VisuallyHidden>Signed in as </VisuallyHidden>
          <span className={classes['name']}>{name}</span>
          <span className={classes['role']}>{login.grants[0]?.role ?? role}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {name}, {powersText(login)}
          </Text>
          {expiresAt !== null && <Text size="xs">until {exactTime(expiresAt)}</Text>}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="signOut" />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
