// The books of portal-day: its SQLite file, as it stood when this was started.
//
// The file is read into memory and never touched. It is in WAL mode, where SQLite needs memory that processes share;
// what there is of SQLite without native code has none. So it is read as a whole, once its log is empty.

import { readFile, stat } from 'node:fs/promises';
import initSqlJs from 'sql.js';
import { instantOf, paymentOf, statementOf } from './rows.mjs';

const MAGIC = 'SQLite format 3\0';
/** Where the header says how the file is read and written; 1 is without a log. */
const JOURNAL_BYTES = [18, 19];

/**
 * @param {string} path
 * @returns {Promise<import('./books').Books>}
 */
export async function openBooks(path) {
  const bytes = new Uint8Array(await readFile(path));
  if (new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new Error(`${path} is no SQLite file`);
  }
  if ((await sizeOf(`${path}-wal`)) > 0) {
    throw new Error(`${path} has a log beside it that is not part of it yet: let portal-day end first`);
  }
  for (const at of JOURNAL_BYTES) {
    bytes[at] = 1;
  }
  const { Database } = await initSqlJs();
  const database = new Database(bytes);
  try {
    return booksOf(database, path);
  } catch (error) {
    database.close();
    throw new Error(`${path} is no file of portal-day: ${error.message}`);
  }
}

function booksOf(database, name) {
  const ask = questions(database);
  const owners = ownersOf(ask);
  return {
    name,
    owners: () => owners,
    statements: (owner, month) => ask.statements(owner, `${month}-%`).map(statementOf),
    statement: (number) => ask.statement(number).map(statementOf)[0] ?? null,
    lines: (number) => ask.lines(number).map(lineOf),
    payments: (owner) => ask.payments(owner).map(shortPayment),
    payment: (number) => paymentOf(ask, number),
    close: () => database.close(),
  };
}

/** The questions that are asked; each gives rows as objects. */
function questions(database) {
  const prepared = (sql) => {
    const asked = database.prepare(sql);
    return (...values) => {
      asked.bind(values);
      const rows = [];
      while (asked.step()) {
        rows.push(asked.getAsObject());
      }
      asked.reset();
      return rows;
    };
  };
  return {
    owners: prepared(`select owner, currency, zone, group_concat(distinct substr(date, 1, 7)) as months
      from statements group by owner, currency, zone order by owner`),
    statements: prepared('select * from statements where owner = ? and date like ? order by date, id'),
    statement: prepared('select * from statements where id = ?'),
    lines: prepared(`select resource, start_us, end_us, taken_back, l.original, l.payable, currency
      from statement_lines l join readings r on r.id = l.reading where l.statement = ? order by position`),
    payments: prepared('select * from payments where payer = ? order by paid_us desc, id desc'),
    payment: prepared('select * from payments where id = ?'),
    legs: prepared('select * from legs where payment = ? order by position'),
    refunds: prepared('select * from refunds where payment = ? order by id'),
    refundLegs: prepared('select * from refund_legs where refund = ? order by position'),
    coupons: prepared('select * from coupons where coupon in (select coupon from legs where payment = ?)'),
  };
}

/** An owner is billed in one currency and one zone in portal-day; of more, each is an entry. */
function ownersOf(ask) {
  return ask
    .owners()
    .map(({ owner, currency, zone, months }) => ({ owner, currency, zone, months: months.split(',').sort() }));
}

function lineOf({ resource, start_us, end_us, taken_back, original, payable, currency }) {
  return {
    resource,
    window: { start: instantOf(start_us), end: instantOf(end_us) },
    takenBack: taken_back === 1,
    original: `${original} ${currency}`,
    payable: `${payable} ${currency}`,
  };
}

function shortPayment({ id, order_id, unit, amount, currency, paid_us }) {
  return { number: id, order: order_id, unit, amount: `${amount} ${currency}`, paidAt: instantOf(paid_us) };
}

async function sizeOf(path) {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (error.code === 'ENOENT') {
      return 0;
    }
    throw error;
  }
}
