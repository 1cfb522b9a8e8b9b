import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { eventually } from '../eventually.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Timeout in milliseconds. */
const SETTLED_WITHIN_MS = 3_000;

/** Chromium logs every answer that is not 2xx, which is no fault of the page. */
const OF_THE_NETWORK = /^Failed to load resource/;

/**
 * A tab of the browser under test. It records what the page must never do: errors on the console, uncaught exceptions,
 * and violations of the content security policy.
 */
export class Tab {
  private readonly complaints: string[] = [];

  constructor(
    /** Playwright's own page, for locators and everything else. */
    readonly page: Page,
    private readonly screenshots: string,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error' && !OF_THE_NETWORK.test(message.text()))
        this.complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`uncaught: ${error.message}`));
    // A page that executes a node's name would call it.
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Opens the page and signs in with this token, as a person does. */
  async signIn(token: string, path = '/'): Promise<this> {
    await this.page.goto(path);
    await this.page.getByLabel(/token/i).first().fill(token);
    await this.page.getByRole('button', { name: /sign in/i }).click();
    await this.page.getByRole('navigation').first().waitFor();
    return this;
  }

  /** Fails if the page has complained since the last call. */
  expectQuiet(): void {
    expect(this.complaints.splice(0)).toEqual([]);
  }

  /** Complaints since the last call, for a test that expects them. */
  takeComplaints(): string[] {
    return this.complaints.splice(0);
  }

  /** Fails if axe-core finds something serious or critical in the tab. */
  async expectAccessible(): Promise<void> {
    // Evaluated by the debugger, since the page's policy would refuse a script element.
    if (!(await this.page.evaluate<boolean>("'axe' in globalThis"))) await this.page.evaluate(AXE);
    const { violations } = await this.page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(
      bad.map(
        ({ id, help, nodes }) =>
          `${id}: ${help}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join(' | ')}`,
      ),
    ).toEqual([]);
  }

  /** Fails if the page scrolls sideways, and names the elements that are too wide. */
  async expectNoSideways(): Promise<void> {
    // The layout needs a moment after a resize.
    await eventually(async () => {
      const [content, window, culprits] = await this.page.evaluate<[number, number, string[]]>(`(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
        return [scrollWidth, clientWidth, scrollWidth > clientWidth ? wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)) : []];
      })()`);
      expect({ content, culprits }).toEqual({ content: window, culprits: [] });
    }, SETTLED_WITHIN_MS);
  }

  /** Takes a screenshot into the folder for screenshots. @param name without `.png` */
  async screenshot(name: string, { wholePage = false } = {}): Promise<string> {
    const path = join(this.screenshots, `${name}.png`);
    await this.page.screenshot({ path, fullPage: wholePage, animations: 'disabled' });
    return path;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
