import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { FailureBoundary } from '../loading/failure-boundary.js';
import { useLiveEvents } from '../polling/use-live-events.js';
import { PollingControl } from '../polling/polling-control.js';
import { AccountMenu } from './account-menu.js';
import { ColorSchemeControl } from './color-scheme-control.js';
import { ControlPlaneBanner } from './control-plane-banner.js';
import { FreshnessBanner } from './freshness-banner.js';
import { LostMark } from './lost-mark.js';
import { MassSilenceBanner } from './mass-silence-banner.js';
import { NavigationLinks } from './navigation-links.js';
import { SearchButton } from './search-button.js';
import classes from './shell.module.css';

/** Frame of every page: skip link, header, navigation, and banners. */
export function Shell({ children }: { children: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  useLiveEvents();
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding="md"
    >
      <a className={classes['skip']} href="#main">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px={{ base: 8, sm: 'md' }} justify="space-between" wrap="nowrap" gap={6}>
          <Group gap={6} wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="md"
              size="sm"
              aria-label={opened ? 'Close the navigation' : 'Open the navigation'}
              aria-expanded={opened}
            />
            <Text component={Link} href="/" fw={700} size="lg" className={classes['brand'] ?? ''}>
              Rollcall
            </Text>
          </Group>
          <Group gap={6} wrap="nowrap">
            <SearchButton />
            <PollingControl />
            <ColorSchemeControl />
            <AccountMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        aria-label="Main"
        onClick={close}
        onKeyDown={(event) => event.key === 'Escape' && close()}
      >
        <NavigationLinks />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={classes['main'] ?? ''}>
        <LostMark />
        <FreshnessBanner />
        <FailureBoundary what="State of the control plane">
          <ControlPlaneBanner />
          <MassSilenceBanner />
        </FailureBoundary>
        {children}
      </AppShell.Main>
    </AppShell>
  );
}
