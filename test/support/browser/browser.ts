import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser as Chromium, type BrowserContextOptions } from 'playwright-core';
import { findBrowser, HOW_TO_GET_A_BROWSER } from '../../../scripts/find-browser.mjs';
import type { FaultCluster } from '../cluster/fault-cluster.js';
import { PATIENCE } from '../patience.mjs';
import { useInSuite } from '../use-in-suite.js';
import { Tab } from './tab.js';

/** Keeps it from contacting anything but the page under test, and from needing more than a container has. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long a page may take to show what a test looks for, in milliseconds. */
const PATIENCE_MS = 20_000 * PATIENCE;

export const DESKTOP = { width: 1_440, height: 900 };
export const NARROW = { width: 360, height: 740 };

/** Folder for screenshots: the one that the environment names, or a temporary one. */
export const SCREENSHOTS = process.env['ROLLCALL_SCREENSHOTS'] ?? join(tmpdir(), 'rollcall-screenshots');

/** A real Chromium, headless. One serves a test file; each tab has its own cookies and storage. */
export class Browser {
  private constructor(private readonly running: Chromium) {}

  static async launch(): Promise<Browser> {
    const executablePath = findBrowser();
    if (executablePath === undefined) throw new Error(HOW_TO_GET_A_BROWSER);
    mkdirSync(SCREENSHOTS, { recursive: true });
    return new Browser(await chromium.launch({ executablePath, args: ARGUMENTS, timeout: PATIENCE_MS }));
  }

  /**
   * A new, empty tab of a visitor without cookies.
   * @param baseUrl base of paths such as /nodes
   */
  async newTab(baseUrl: string, options: Omit<BrowserContextOptions, 'baseURL'> = {}): Promise<Tab> {
    const context = await this.running.newContext({
      viewport: DESKTOP,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      // Without a GPU each frame of a transition is slow, and a click waits for the last of them.
      reducedMotion: 'reduce',
      ...options,
      baseURL: baseUrl,
    });
    context.setDefaultTimeout(PATIENCE_MS);
    return new Tab(await context.newPage(), SCREENSHOTS);
  }

  /** A new tab at `path`, signed in as the administrator or by another token, once the page has its heading. */
  async open(
    cluster: Pick<FaultCluster, 'url' | 'adminToken'>,
    path: string,
    token = cluster.adminToken,
    options: Parameters<Browser['newTab']>[1] = {},
  ): Promise<Tab> {
    const tab = await this.newTab(cluster.url, options);
    await tab.signIn(token, path);
    await tab.page.getByRole('heading', { level: 1 }).waitFor();
    return tab;
  }

  async close(): Promise<void> {
    await this.running.close();
  }
}

/** A browser for the tests of a file. */
export function useBrowser(): Browser {
  return useInSuite(
    () => Browser.launch(),
    (browser) => browser.close(),
  );
}

/** A tab in which the administrator has signed in, for the tests of a file. */
export function useTab(browser: Browser, cluster: FaultCluster, path = '/'): Tab {
  return useInSuite(
    async () => (await browser.newTab(cluster.url)).signIn(cluster.adminToken, path),
    () => undefined,
  );
}
