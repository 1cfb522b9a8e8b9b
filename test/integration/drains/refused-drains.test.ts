import { describe, expect, test } from '@jest/globals';
import {
  cancelDrain,
  createDrain,
  getDrain,
  pauseDrain,
  resumeDrain,
  type CreateDrainRequest,
} from '../../../client/index.js';
import { useApi } from '../../support/api/api-under-test.js';

const api = useApi();

describe('a drain is refused', () => {
  test.each<[string, CreateDrainRequest, object]>([
    [
      'if no node has the labels',
      { labels: ['pool=none'] },
      { status: 409, code: 'NO_NODE_MATCHES', field: 'labels', detail: 'no compute node has the labels pool=none' },
    ],
    ['without labels', { labels: [] }, { status: 400, field: 'labels' }],
    ['without labels and without nodes', {}, { status: 400, field: 'labels' }],
    ['with both', { labels: ['pool'], nodes: ['a-1'] }, { status: 400, field: 'labels' }],
    [
      'if one of the nodes does not exist',
      { nodes: ['nobody'] },
      { status: 409, code: 'NO_NODE_MATCHES', field: 'nodes', detail: 'there is no compute node nobody' },
    ],
    [
      'if one of the nodes is an api replica',
      { nodes: ['node-0'] },
      { status: 409, code: 'NO_NODE_MATCHES', field: 'nodes', detail: 'there is no compute node node-0' },
    ],
    ['with invalid labels', { labels: ['=a'] }, { status: 400, field: 'labels.0' }],
    [
      'if no node may be unavailable',
      { labels: ['pool'], maxUnavailable: 0 },
      { status: 400, field: 'maxUnavailable' },
    ],
    ['with an invalid deadline', { labels: ['pool'], deadline: 'soon' }, { status: 400, field: 'deadline' }],
  ])('%s', async (_what, body, problem) => {
    expect((await createDrain({ client: api.admin, body })).error).toMatchObject(problem);
  });

  test('if it does not exist', async () => {
    const path = { id: 'abc' };
    for (const operation of [getDrain, pauseDrain, resumeDrain, cancelDrain]) {
      expect((await operation({ client: api.admin, path })).error).toMatchObject({
        status: 404,
        code: 'NOT_FOUND',
        detail: 'there is no drain abc',
      });
    }
    expect((await getDrain({ client: api.admin, path: { id: 'A B' } })).error).toMatchObject({ status: 400 });
  });
});
