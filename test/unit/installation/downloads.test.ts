import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, test } from '@jest/globals';
import { Downloads } from '../../../src/installation/downloads.js';

/** An answer that is under way until it is closed. */
const answer = () => new EventEmitter() as ServerResponse;

test('one address gets eight packages at once, and the next when one of them has finished', () => {
  const downloads = new Downloads();
  const first = answer();
  downloads.begin('10.0.0.1', first);
  for (let count = 0; count < 7; count += 1) downloads.begin('10.0.0.1', answer());
  expect(() => downloads.begin('10.0.0.1', answer())).toThrow('too many packages are being fetched at once');
  downloads.begin('10.0.0.2', answer());
  first.emit('close');
  downloads.begin('10.0.0.1', answer());
  expect(() => downloads.begin('10.0.0.1', answer())).toThrow('too many packages');
});

test('all addresses together get sixty-four', () => {
  const downloads = new Downloads();
  for (let count = 0; count < 64; count += 1) downloads.begin(`10.0.0.${count}`, answer());
  expect(() => downloads.begin('10.0.1.0', answer())).toThrow('too many packages');
});
