import type { Locator, Page } from 'playwright-core';
import type { FaultCluster } from '../cluster/fault-cluster.js';
import type { Browser } from './browser.js';
import type { Tab } from './tab.js';

/** The list of compute nodes, as a person uses it. */
export class NodeList {
  constructor(private readonly page: Page) {}

  /** In a tab of its own, signed in as the administrator or by another token. */
  static async open(
    browser: Browser,
    cluster: Pick<FaultCluster, 'url' | 'adminToken'>,
    {
      path = '/nodes',
      token = cluster.adminToken,
      ...options
    }: { path?: string | undefined; token?: string | undefined } & Parameters<Browser['newTab']>[1] = {},
  ): Promise<[Tab, NodeList]> {
    const tab = await browser.newTab(cluster.url, options);
    await tab.signIn(token, path);
    return [tab, new NodeList(tab.page)];
  }

  /** A node's row. */
  row(id: string): Locator {
    return this.page.locator(`tr[data-node="${id}"]`);
  }

  /** A cell of the row, by the column's name on the page. */
  cell(id: string, column: string): Locator {
    return this.row(id).locator(`td[data-label="${column}"]`);
  }

  /** The visible ids, from top to bottom. */
  ids(): Promise<string[]> {
    return this.page
      .locator('tr[data-node]')
      .evaluateAll((rows): string[] => rows.map((row) => row.getAttribute('data-node') ?? ''));
  }

  async select(...ids: string[]): Promise<void> {
    for (const id of ids) await this.page.getByRole('checkbox', { name: `Select ${id}`, exact: true }).check();
  }

  /** Opens the menu of a node's row. */
  async openMenu(id: string): Promise<void> {
    await this.page.getByRole('button', { name: `Actions for ${id}`, exact: true }).click();
    await this.page.getByRole('menu').waitFor();
  }

  /** An action in the open menu. */
  item(action: string): Locator {
    return this.page.getByRole('menuitem', { name: new RegExp(`^${action}`) });
  }

  /** Opens the dialog of an action by the row's menu. */
  async openDialog(id: string, action: string): Promise<Locator> {
    await this.openMenu(id);
    await this.item(action).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.waitFor();
    return dialog;
  }
}
