import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readAuthorities } from '../../../contract/config/authority-file.js';
import { removeFolder } from '../../support/remove-folder.js';

const [ONE = '', OTHER = ''] = rootCertificates;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-authorities-'));
});
afterAll(() => removeFolder(folder));

async function fileWith(text: string): Promise<string> {
  const path = join(folder, 'authorities.pem');
  await writeFile(path, text);
  return path;
}

test('an authority file may contain several certificates, and text around them', async () => {
  expect(readAuthorities(await fileWith(`# ours\n${ONE}\n# and theirs\n${OTHER}\n`))).toEqual([ONE, OTHER]);
});

test.each([
  ['nothing', ''],
  ['words', 'our authority'],
  ['a certificate that is none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
])('an authority file with %s is refused', async (_what, text) => {
  const path = await fileWith(text);
  expect(() => readAuthorities(path)).toThrow(`${path} holds no certificate in PEM form`);
});

test('an authority file that cannot be read says why', () => {
  expect(() => readAuthorities(join(folder, 'none.pem'))).toThrow('none.pem cannot be read: there is no such file');
  expect(() => readAuthorities(folder)).toThrow(`${folder} cannot be read: EISDIR`);
});
