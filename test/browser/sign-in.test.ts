import { expect, test } from '@jest/globals';
import { useBrowser } from '../support/browser/browser.js';
import { FaultCluster } from '../support/cluster/fault-cluster.js';
import { clientSecretFile } from '../support/openid/client-secret-file.js';
import { settingsFor, useOpenIdProvider } from '../support/openid/openid-provider.js';
import { useInSuite } from '../support/use-in-suite.js';

const provider = useOpenIdProvider();
const cluster = useInSuite(
  async () => {
    const secretFile = await clientSecretFile();
    provider.people.set('olga', ['ops']).set('nobody', []);
    const settings = { ...settingsFor(provider, secretFile), 'Orchestrator.Auth.OIDC.CheckEvery': '1s' };
    return FaultCluster.start(['node-1'], {}, { env: asEnvironment(settings) });
  },
  (running) => running.end(),
);
const browser = useBrowser();

test('a person signs in at the provider, returns to where they were, acts under their name, and signs out in both places', async () => {
  const tab = await browser.newTab(cluster.url);
  const { page } = tab;
  await page.goto('/nodes/node-1');
  await tab.expectAccessible();
  await tab.screenshot('sign-in-with-provider');
  await page.getByRole('button', { name: 'Sign in with the provider' }).click();
  await page.getByLabel('Name').fill('olga');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /oidc:olga/ }).waitFor();
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/nodes/node-1');

  await page.getByRole('button', { name: /oidc:olga/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL(`${provider.url}/session/end**`);
  await page.getByRole('button', { name: /yes/i }).click();
  await page.getByRole('button', { name: 'Sign in with the provider' }).waitFor();
  tab.expectQuiet();
  await tab.close();
});

test('a person in no mapped group learns why they are not let in', async () => {
  const tab = await browser.newTab(cluster.url);
  const { page } = tab;
  // Taken as an address, this would be another host's.
  await page.goto(`${new URL(cluster.url).origin}//elsewhere.example/`);
  await page.getByRole('button', { name: 'Sign in with the provider' }).click();
  await page.getByLabel('Name').fill('nobody');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('oidc:nobody has no role here').waitFor();
  await tab.expectAccessible();
  await tab.close();
});

test('a person whom the provider forgets is signed out, and told that their login has ended', async () => {
  const tab = await browser.newTab(cluster.url);
  const { page } = tab;
  await page.goto('/nodes');
  await page.getByRole('button', { name: 'Sign in with the provider' }).click();
  await page.getByLabel('Name').fill('olga');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: /oidc:olga/ }).waitFor();
  provider.people.delete('olga');
  await page.getByText('Your login has ended').waitFor();
  await tab.close();
});

function asEnvironment(settings: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key.replaceAll('.', '__').toUpperCase(), value]),
  );
}
