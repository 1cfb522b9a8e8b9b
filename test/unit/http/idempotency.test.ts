import { Logger, type ExecutionContext } from '@nestjs/common';
import { expect, test } from '@jest/globals';
import { Reflector } from '@nestjs/core';
import { firstValueFrom, of, throwError, type Observable } from 'rxjs';
import { IdempotencyInterceptor } from '../../../src/http/idempotency.interceptor.js';
import { IdempotencyStore } from '../../../src/http/idempotency-store.js';
import { KeptAnswers } from '../../../src/http/kept-answers.js';
import { TAKES_KEY } from '../../../src/http/operation.decorator.js';
import { SystemClock } from '../../../src/mechanics/clock.js';

Logger.overrideLogger(false);

/** MongoDB becomes unavailable after the request was executed, and before its answer was stored. */
class FailingStore extends IdempotencyStore {
  abandoned = 0;
  begin = () => Promise.resolve({ state: 'new' as const });
  takeOnce = () => Promise.reject(new Error('no primary'));
  complete = (): Promise<boolean> => Promise.reject(new Error('no primary'));
  abandon = () => {
    this.abandoned += 1;
    return Promise.reject(new Error('no primary'));
  };
}

function post(store: IdempotencyStore, outcome: Observable<unknown>): Promise<unknown> {
  const keyed = () => undefined;
  Reflect.defineMetadata(TAKES_KEY, true, keyed);
  const request = {
    method: 'POST',
    url: '/v1/nodes',
    body: {},
    headers: { 'idempotency-key': 'k' },
    caller: { kind: 'administrator', principal: 'admin' },
  };
  const context = {
    switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({ statusCode: 201 }) }),
    getHandler: () => keyed,
  } as unknown as ExecutionContext;
  return firstValueFrom(
    new IdempotencyInterceptor(store, new KeptAnswers(store), new Reflector(), new SystemClock()).intercept(context, {
      handle: () => outcome,
    }),
  );
}

test('an executed request is acknowledged even if its answer cannot be stored; its key is not freed', async () => {
  const store = new FailingStore();
  expect(await post(store, of({ id: 'node-1' }))).toEqual({ id: 'node-1' });
  expect(store.abandoned).toBe(0);
});

test('a failed request reports its failure even if its key cannot be freed', async () => {
  const store = new FailingStore();
  await expect(
    post(
      store,
      throwError(() => new Error('the name is taken')),
    ),
  ).rejects.toThrow('the name is taken');
  expect(store.abandoned).toBe(1);
});
