// The file of portal-day: one that is made here by the store's own migrations, and a real one where there is one.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { money } from 'counterfoil';
import { openBooks } from '../src/books/sqlite.mjs';
import { startApplication } from './support/application.mjs';
import { start } from './support/command.mjs';
import { writePortal } from './support/portal.mjs';
const REAL = process.env.PORTAL_DAY ?? fileURLToPath(new URL('../../../portal-day-out/portal.sqlite', import.meta.url));

let folder;
let path;
let portal;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'node bff '));
  path = join(folder, 'portal.sqlite');
  await writePortal(path);
  portal = await startApplication({ books: await openBooks(path) });
});
after(async () => {
  await portal.end();
  rmSync(folder, { recursive: true });
});

test('owners, statements and their lines are those of the file', async () => {
  const {
    body: { owners },
  } = await portal.get('/api/owners');
  assert.deepEqual(owners, [{ owner: 'user:ada', currency: 'EUR', zone: 'UTC', months: ['2024-02'] }]);
  const { body } = await portal.get('/api/owners/user:ada/statements?month=2024-02');
  assert.deepEqual(
    body.statements.map(({ number, payable, status }) => [number, payable, status]),
    [
      [1, '11.50 EUR', 'paid'],
      [2, '0.01 EUR', 'unpaid'],
    ],
  );
  assert.deepEqual(body.total.paid, { balance: '6.50 EUR', coupon: '5.00 EUR' });
  assert.deepEqual([body.total.payable, body.total.refunded, body.total.open], ['11.51 EUR', '2.30 EUR', '0.01 EUR']);
  const {
    body: { lines },
  } = await portal.get('/api/statements/1');
  assert.deepEqual(
    lines.map(({ resource, payable }) => [resource, payable]),
    [
      ['s-1', '8.00 EUR'],
      ['s-2', '3.50 EUR'],
    ],
  );
});

test('instants are those of the file to the microsecond', async () => {
  const {
    body: { payments },
  } = await portal.get('/api/owners/user:ada/payments');
  assert.deepEqual(
    payments.map(({ number, paidAt }) => [number, paidAt]),
    [[7, '2024-02-02T00:00:00.123456Z']],
  );
});

test('a refund is previewed beside those that the file has already', async () => {
  const ask = (amount) =>
    portal.post('/api/refunds/preview', { payment: 7, amount, returned: 'proportional', giveBack: 'same_coupon' });
  const { body } = await ask('9.20');
  // 2.30 of 11.50 is back, 1.00 of it to the coupon: this is the rest.
  assert.deepEqual(
    body.legs.map(({ source, amount }) => [source.kind, amount]),
    [
      ['balance', '5.20 EUR'],
      ['coupon', '4.00 EUR'],
    ],
  );
  assert.deepEqual(
    body.sources.map(({ left }) => left),
    ['0.00 EUR', '0.00 EUR'],
  );
  const { status, body: more } = await ask('9.21');
  assert.deepEqual([status, more.code], [409, 'wallet.refund_above_rest']);
});

test('the file is only read, and nothing is left beside it', () => {
  const fresh = join(folder, 'again.sqlite');
  return writePortal(fresh).then(() => {
    assert.deepEqual(readFileSync(path), readFileSync(fresh));
    assert.deepEqual(readdirSync(folder).sort(), ['again.sqlite', 'portal.sqlite']);
  });
});

test('a file whose log is not part of it yet is refused', async () => {
  const busy = join(folder, 'busy.sqlite');
  await writePortal(busy);
  writeFileSync(`${busy}-wal`, 'x');
  await assert.rejects(openBooks(busy), /has a log beside it/);
  writeFileSync(`${busy}-wal`, '');
  (await openBooks(busy)).close();
});

test('another file of SQLite is refused by its name', async () => {
  const other = join(folder, 'other.sqlite');
  const bytes = readFileSync(path);
  writeFileSync(other, bytes.subarray(0, 4096));
  await assert.rejects(openBooks(other), (error) => error.message.startsWith(`${other} is no file of portal-day`));
});

test('the command reads it, and says so', async () => {
  const server = await start(['--database', path]);
  assert.ok(server.line.includes(path));
  const answer = await (await fetch(`${server.address}/api/health`)).json();
  assert.deepEqual(answer, { status: 'ok', books: path });
  assert.equal(await server.end(), 0);
});

const none = existsSync(REAL) ? false : `no file of portal-day at ${REAL}: run portal-day, or name one in PORTAL_DAY`;

test('every month of a real file adds up', { skip: none }, async () => {
  const real = await startApplication({ books: await openBooks(REAL) });
  const {
    body: { owners },
  } = await real.get('/api/owners');
  assert.ok(owners.length > 0);
  for (const { owner, currency, months } of owners) {
    for (const month of months) {
      const { status, body } = await real.get(`/api/owners/${encodeURIComponent(owner)}/statements?month=${month}`);
      assert.equal(status, 200, JSON.stringify(body));
      const { sum } = money.add({ currency, amounts: body.days.map(({ payable }) => payable) });
      assert.equal(
        money.add({ currency, amounts: [body.total.payable, '0.00 '.concat(currency)] }).sum,
        money.add({ currency, amounts: [sum, '0.00 '.concat(currency)] }).sum,
        owner,
      );
    }
  }
  await real.end();
});
