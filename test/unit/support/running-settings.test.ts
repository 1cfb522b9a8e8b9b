import { expect, test } from '@jest/globals';
import { loadConfig } from '../../../contract/config/load-config.js';
import { RunningSettings } from '../../../src/support/running-settings.js';

const read = (flags: Record<string, string>) => new RunningSettings(loadConfig({ flags })).read();
const setting = (flags: Record<string, string>, wanted: string) =>
  read(flags).settings.find(({ key }) => key === wanted);

test('a setting is shown as in config.yaml, with its default, and whether it differs', () => {
  const key = 'Orchestrator.NodeManager.DisconnectTimeout';
  expect(setting({}, key)).toMatchObject({ value: '1m', default: '1m', changed: false, followed: null });
  expect(setting({ [key]: '90s' }, key)).toMatchObject({ value: '1m30s', default: '1m', changed: true });
});

test('of a secret only its presence is shown', () => {
  const uri = 'mongodb://ana:hunter2@db.example.org/rollcall';
  const told = read({ 'Orchestrator.MongoDB.URI': uri });
  expect(told.settings.find(({ key }) => key === 'Orchestrator.MongoDB.URI')).toMatchObject({
    value: '(set, and not shown)',
    changed: true,
  });
  expect(JSON.stringify(told)).not.toContain('hunter2');
});

test('an unset key is shown with its effective value', () => {
  const unset = read({}).settings.filter(({ value }) => value === null);
  expect(unset.length).toBeGreaterThan(5);
  expect(unset.filter(({ key }) => key.startsWith('Compute.'))).toEqual([]);
});
