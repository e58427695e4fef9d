// A file as portal-day writes it: the tables of the store's own migrations, and a few rows.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import initSqlJs from 'sql.js';

const MIGRATIONS = new URL('../../../../adapters/store/migrations/sqlite/', import.meta.url);
const DAY_US = 86_400_000_000;
/** The first of February 2024 in UTC. */
const START_US = 1_706_745_600_000_000;

const ROWS = `
insert into service_units values ('vm', 'portal');
insert into rate_cards (revision, currency, source, digest) values ('r', 'EUR', '', zeroblob(32));
insert into accounts values ('user:ada', 'EUR', '100.00', '0', '93.50', '0');
insert into coupons values
  ('C-1', 'EUR', '5.00', '5.00', '0.00', 'available',
   ${START_US}, ${START_US + 100 * DAY_US}, ${START_US}, 'user:ada', 'vm', null, 'other');
insert into readings
  (id, resource, start_us, end_us, version, owner, unit, kind, revision, usage,
  currency, original, payable) values
  (1, 's-1', ${START_US}, ${START_US + DAY_US}, 0, 'user:ada', 'vm', 'server', 'r', '[]', 'EUR', '9.00', '8.00'),
  (2, 's-2', ${START_US}, ${START_US + DAY_US}, 0, 'user:ada', 'vm', 'server', 'r', '[]', 'EUR', '3.50', '3.50'),
  (3, 's-1', ${START_US + DAY_US}, ${START_US + 2 * DAY_US}, 0, 'user:ada', 'vm', 'server', 'r', '[]',
   'EUR', '0.005', '0.01');
insert into payments
  (id, application, order_id, unit, payer, currency, amount, method, coupons, funding,
  overdraft, paid_us) values
  (7, 'portal', 'o-1', 'vm', 'user:ada', 'EUR', '11.50', 'mixed', '["C-1"]', 'overdraft', '20',
   ${START_US + DAY_US + 123_456});
insert into legs values
  (7, 0, 'coupon', 'C-1', '5.00', '5.00', '0.00'), (7, 1, 'balance', null, '6.50', '100.00', '93.50');
insert into statements
  (id, statement, date, zone, owner, unit, kind, sequence, currency, original,
  payable, status, payment) values
  (1, '2024-02-01/UTC/user/ada/vm/server/0', '2024-02-01', 'UTC', 'user:ada', 'vm', 'server', 0,
   'EUR', '12.50', '11.50', 'paid', 7),
  (2, '2024-02-02/UTC/user/ada/vm/server/0', '2024-02-02', 'UTC', 'user:ada', 'vm', 'server', 0,
   'EUR', '0.01', '0.01', 'unpaid', null);
insert into statement_lines values
  (1, 0, 1, 0, '9.00', '8.00'), (1, 1, 2, 0, '3.50', '3.50'), (2, 0, 3, 0, '0.01', '0.01');
insert into refunds (id, application, refund, payment, currency, amount, fee, step, returned, give_back, state) values
  (1, 'portal', 'r-1', 7, 'EUR', '2.30', '0', '0.01', 'proportional', 'same_coupon', 'success');
insert into refund_legs values
  (1, 0, 'balance', null, '1.30', 'source'), (1, 1, 'coupon', 'C-1', '1.00', 'source');
`;

/** Writes it to a path; in WAL mode, as portal-day's is. */
export async function writePortal(path) {
  const { Database } = await initSqlJs();
  const database = new Database();
  for (const name of readdirSync(fileURLToPath(MIGRATIONS)).sort()) {
    database.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
  }
  database.exec(ROWS);
  const bytes = database.export();
  database.close();
  bytes[18] = 2;
  bytes[19] = 2;
  writeFileSync(path, bytes);
}
