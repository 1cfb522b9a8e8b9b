import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../contract/config/config-error.js';
import { withSecretFiles } from '../../../contract/config/secret-files.js';

import { temporaryFolder } from '../../support/temporary-folder.js';

const files: Record<string, string> = {
  '/run/secrets/uri': 'mongodb://user:password@host/db\n',
  '/run/secrets/empty': '\n',
};
const read = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  return text;
};

describe('a secret in a file', () => {
  test('sets the key of the variable without _FILE, without the last line break', () => {
    expect(withSecretFiles({ Orchestrator__MongoDB__URI_FILE: '/run/secrets/uri', HOME: '/root' }, read)).toEqual({
      Orchestrator__MongoDB__URI: 'mongodb://user:password@host/db',
      HOME: '/root',
    });
  });

  test('is only read if the rest of the name is a configuration key', () => {
    const env = {
      COMPUTE__LABELS__MY_FILE: 'a',
      SOME_FILE: '/etc/passwd',
      ORCHESTRATOR__AUTH__ADMINTOKENFILE: '/run/secrets/admin',
      COMPUTE__AUTH__TOKEN_FILE: '',
    };
    expect(withSecretFiles(env, read)).toBe(env);
  });

  test('is read from the disk', async () => {
    const path = join(await temporaryFolder(), 'uri');
    await writeFile(path, 'mongodb://host/db\n');
    expect(withSecretFiles({ ORCHESTRATOR__MONGODB__URI_FILE: path })).toEqual({
      ORCHESTRATOR__MONGODB__URI: 'mongodb://host/db',
    });
  });

  test.each([
    [
      { ORCHESTRATOR__MONGODB__URI_FILE: '/nowhere' },
      'The file /nowhere that environment variable ORCHESTRATOR__MONGODB__URI_FILE names cannot be read: ENOENT',
    ],
    [
      { ORCHESTRATOR__MONGODB__URI_FILE: '/run/secrets/empty' },
      'The file /run/secrets/empty that environment variable ORCHESTRATOR__MONGODB__URI_FILE names is empty',
    ],
    [
      { ORCHESTRATOR__MONGODB__URI_FILE: '/run/secrets/uri', orchestrator__mongodb__uri: 'mongodb://other' },
      'Both ORCHESTRATOR__MONGODB__URI and ORCHESTRATOR__MONGODB__URI_FILE are set; keep one of them',
    ],
  ])('that is invalid is one sentence: %j', (env, sentence) => {
    expect(() => withSecretFiles(env, read)).toThrow(new ConfigError(sentence));
  });
});
