import { Visitor } from './visitor.js';

/**
 * Acts as a person in a browser whose command line waits.
 * @param address includes the code
 * @param as the person's name; empty to refuse
 */
export async function confirmDevice(address: string, as: string): Promise<void> {
  const visitor = new Visitor();
  const code = await visitor.go(address);
  const confirmation = await visitor.submit(code, {});
  const signIn = await visitor.submit(confirmation, {});
  await visitor.submit(signIn, { login: as });
}
