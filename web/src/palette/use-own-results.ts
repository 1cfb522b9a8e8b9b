import { useLocation } from 'wouter';
import { useDialogs } from '../actions/dialog-context.js';
import { openSheet } from '../actions/open-sheet.js';
import { whyNotAnywhere, whyNotByRole } from '../actions/offered-action.js';
import { navigationFor } from '../shell/navigation.js';
import { useLogin } from '../sign-in/login-context.js';
import { matches, type PaletteResult } from './palette-result.js';

/** Pages and commands that match the input; all of them if it is empty. */
export function useOwnResults(typed: string): PaletteResult[] {
  const login = useLogin();
  const [, navigate] = useLocation();
  const { openDialog } = useDialogs();
  const pages = navigationFor(login).map(({ label, path, icon, external }): PaletteResult => ({
    id: `page-${path}`,
    group: 'Pages',
    label,
    about: undefined,
    icon,
    choose: () => (external ? window.open(path, '_blank', 'noreferrer') : navigate(path)),
  }));
  const command = (label: string, choose: () => void, whyNot?: string): PaletteResult => ({
    id: `command-${label}`,
    group: 'Commands',
    label,
    icon: 'play',
    whyNot,
    choose,
  });
  const commands = [
    command('Register a node', () => openDialog({ kind: 'register' }), whyNotAnywhere(login)),
    command('Open a session', () => navigate('/sessions?new=true'), whyNotAnywhere(login)),
    command('Start a drain', () => navigate('/drains?new=true'), whyNotAnywhere(login)),
    command('Start an agent update', () => navigate('/agent-updates?new=true'), whyNotAnywhere(login, 'admin')),
    command('Create a join token', () => navigate('/join-tokens?new=true'), whyNotByRole(login, 'admin')),
    command('Create an API token', () => navigate('/access?new=true'), whyNotByRole(login, 'admin')),
    command('Show the keyboard shortcuts', () => openSheet('shortcuts')),
  ];
  return [...pages, ...commands].filter(({ label }) => typed === '' || matches(typed, label));
}
