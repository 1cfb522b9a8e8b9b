import { NavLink, Text } from '@mantine/core';
import { Fragment } from 'react';
import { Link, useLocation } from 'wouter';
import { Icon } from '../parts/icon.js';
import { useLogin } from '../sign-in/login-context.js';
import { isIn, NAVIGATION_GROUPS, navigationFor, type NavigationEntry } from './navigation.js';

/** Links to the pages, by headings; the present one is marked. */
export function NavigationLinks() {
  const login = useLogin();
  const [address] = useLocation();
  const entries = navigationFor(login);
  return NAVIGATION_GROUPS.map((group, index) => (
    <Fragment key={group}>
      <Text size="xs" fw={600} c="dimmed" tt="uppercase" px="xs" pt={index === 0 ? 6 : 'lg'} pb={6}>
        {group}
      </Text>
      {entries
        .filter((entry) => entry.group === group)
        .map((entry) => (
          <NavigationLink key={entry.path} entry={entry} shown={isIn(entry, address)} />
        ))}
    </Fragment>
  ));
}

function NavigationLink({ entry: { label, path, icon, external }, shown }: { entry: NavigationEntry; shown: boolean }) {
  const look = { label, leftSection: <Icon name={icon} /> };
  if (external) return <NavLink component="a" href={path} target="_blank" rel="noreferrer" {...look} />;
  return (
    <NavLink
      component={Link}
      href={path}
      {...look}
      active={shown}
      {...(shown ? { 'aria-current': 'page' as const } : {})}
    />
  );
}
