import { Visitor } from './visitor.js';

/**
 * What a person does in a browser whose command line waits for them.
 * @param address with the code in it
 * @param as who they say that they are; empty: they do not want to
 */
export async function confirmDevice(address: string, as: string): Promise<void> {
  const visitor = new Visitor();
  const code = await visitor.go(address);
  const confirmation = await visitor.submit(code, {});
  const signIn = await visitor.submit(confirmation, {});
  await visitor.submit(signIn, { login: as });
}
