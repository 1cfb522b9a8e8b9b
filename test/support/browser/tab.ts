import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { eventually } from '../eventually.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** In milliseconds. */
const SETTLED_WITHIN_MS = 3_000;

/** Chromium says so of every answer that is not 2xx: what those were is not the console's to say. */
const OF_THE_NETWORK = /^Failed to load resource/;

/**
 * A tab of the browser under test. It notes whatever the page should never do: errors on the console, exceptions that nobody
 * caught, and what the content security policy refused.
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
    // A page that runs what a node was named would say so.
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Goes to the page and signs in with this token, as a person does. */
  async signIn(token: string, path = '/'): Promise<this> {
    await this.page.goto(path);
    await this.page.getByLabel(/token/i).first().fill(token);
    await this.page.getByRole('button', { name: /sign in/i }).click();
    await this.page.getByRole('navigation').first().waitFor();
    return this;
  }

  /** Fails where the page complained since the last time. */
  expectQuiet(): void {
    expect(this.complaints.splice(0)).toEqual([]);
  }

  /** What it complained of since the last time, for a test that expects that. */
  takeComplaints(): string[] {
    return this.complaints.splice(0);
  }

  /** Fails where axe-core finds something serious or critical in what the tab shows now. */
  async expectAccessible(): Promise<void> {
    // Evaluated by the debugger: a script element would be refused by the page's policy.
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

  /** Fails where something sticks out of the window's side so that all of the page scrolls, and says what. */
  async expectNoSideways(): Promise<void> {
    // A window that has just changed its size needs a moment.
    await eventually(async () => {
      const [content, window, culprits] = await this.page.evaluate<[number, number, string[]]>(`(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        const wide = [...document.querySelectorAll('body *')].filter((element) => element.getBoundingClientRect().right > clientWidth + 1);
        return [scrollWidth, clientWidth, scrollWidth > clientWidth ? wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120)) : []];
      })()`);
      expect({ content, culprits }).toEqual({ content: window, culprits: [] });
    }, SETTLED_WITHIN_MS);
  }

  /** Writes what is to be seen into the folder for screenshots. @param name without `.png` */
  async screenshot(name: string, { wholePage = false } = {}): Promise<string> {
    const path = join(this.screenshots, `${name}.png`);
    await this.page.screenshot({ path, fullPage: wholePage, animations: 'disabled' });
    return path;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
