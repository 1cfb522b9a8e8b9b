// Run by mongosh beside the first member, over localhost: while no user exists, MongoDB lets localhost create the
// replica set and its first user without a password. Every step is skipped if it is done already.
const { readFileSync } = require('node:fs');
const secret = (name) => readFileSync(`${process.env.SECRETS ?? '/run/secrets'}/${name}`, 'utf8').trim();
const members = (process.env.MEMBERS ?? 'mongodb-1:27017,mongodb-2:27017,mongodb-3:27017').split(',');

const admin = db.getSiblingDB('admin');
const rootPassword = secret('mongodb-root-password');

function authenticate() {
  try {
    return admin.auth('root', rootPassword).ok === 1;
  } catch {
    return false;
  }
}

const rootExists = authenticate();

try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  // The first member is preferred, so that this script finds the primary where it looks.
  rs.initiate({
    _id: 'rollcall',
    members: members.map((host, index) => ({ _id: index, host, priority: index === 0 ? 2 : 1 })),
  });
  print(`made the replica set of ${members.join(', ')}`);
}

const rollcall = db.getSiblingDB('rollcall');
const nothingIsLeftToDo = rootExists && rollcall.getUser('rollcall') !== null;

// After a restart another member may be primary for a while.
if (!nothingIsLeftToDo) while (!admin.hello().isWritablePrimary) sleep(500);

if (!rootExists) {
  admin.createUser({ user: 'root', pwd: rootPassword, roles: ['root'] });
  authenticate();
  print('made the user root');
}

if (!nothingIsLeftToDo && rollcall.getUser('rollcall') === null) {
  // It reads the server's settings at its start to warn about unsuitable ones.
  if (admin.getRole('readParameters') === null)
    admin.createRole({
      role: 'readParameters',
      privileges: [{ resource: { cluster: true }, actions: ['getParameter'] }],
      roles: [],
    });
  // The api may do anything with its own database, and nothing with others.
  rollcall.createUser({
    user: 'rollcall',
    pwd: secret('mongodb-password'),
    roles: [
      { role: 'readWrite', db: 'rollcall' },
      { role: 'readParameters', db: 'admin' },
    ],
  });
  print('made the user rollcall');
}
print('MongoDB is ready');
