// The environment of unit tests, whose code runs in this process alone. Suites of other levels run in the same process
// afterwards, so everything is restored when one ends.
import { ChildProcess } from 'node:child_process';
import { Server } from 'node:net';
import PatientEnvironment from './patient-environment.mjs';

const REFUSED = [
  { owner: ChildProcess.prototype, name: 'spawn', promise: 'starts no process' },
  { owner: Server.prototype, name: 'listen', promise: 'starts no server' },
];

export default class UnitEnvironment extends PatientEnvironment {
  #before = REFUSED.map(({ owner, name }) => owner[name]);

  async setup() {
    await super.setup();
    for (const { owner, name, promise } of REFUSED) {
      owner[name] = () => {
        throw new Error(`A unit test ${promise}: this one belongs to another level (test/README.md).`);
      };
    }
  }

  async teardown() {
    REFUSED.forEach(({ owner, name }, index) => (owner[name] = this.#before[index]));
    await super.teardown();
  }
}
