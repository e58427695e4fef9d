// A month of a small portal, made by the core: rated by the day, stated, and paid from coupon and balance.

import { pricing, statement, time, wallet } from 'counterfoil';
import { REGIONS } from '../data/regions.mjs';
import { ownerOf } from './owner.mjs';

const MONTH = '2026-10';
const DAYS = 31;
/** The last days are not paid yet. */
const PAID_DAYS = 28;
const [{ card, zone }] = REGIONS;
const { currency } = card;

const RESOURCES = [
  { owner: 'user:ada', resource: 'srv-0001', kind: 'server', spec: { cpu: '4 core', ram: '8 GiB', disk: '100 GiB' } },
  { owner: 'user:ada', resource: 'dsk-0001', kind: 'disk', spec: { size: '500 GiB' } },
  {
    owner: 'user:ada',
    resource: 'srv-0002',
    kind: 'server',
    spec: { cpu: '2 core', ram: '4 GiB' },
    from: 12,
    until: 20,
  },
  {
    owner: 'group:physics',
    resource: 'gpu-0001',
    kind: 'server',
    spec: { cpu: '8 core', ram: '32 GiB', 'gpu[T4]': '1 card' },
  },
  { owner: 'group:physics', resource: 'dsk-0002', kind: 'disk', spec: { size: '2000 GiB' }, from: 5 },
];

const FUNDS = {
  'user:ada': { balance: `400.00 ${currency}`, coupons: [coupon('C-0001', 'user:ada', '60.00')] },
  'group:physics': { balance: `1500.00 ${currency}`, coupons: [coupon('C-0002', 'group:physics', '888.00')] },
};

/** @returns {import('./books').Books} */
export function demoBooks() {
  const { statements, lines, payments } = made();
  const owners = Object.keys(FUNDS).map((owner) => ({ owner, currency, zone, months: [MONTH] }));
  return {
    name: 'a small portal that is made up',
    owners: () => owners,
    statements: (owner, month) => statements.filter((one) => one.owner === owner && one.date.startsWith(month)),
    statement: (number) => statements[number - 1] ?? null,
    lines: (number) => lines[number - 1] ?? [],
    payments: (owner) =>
      payments
        .filter((one) => one.row.owner === owner)
        .map(({ row }) => row)
        .reverse(),
    payment: (number) => payments[number - 1]?.made ?? null,
    close: () => {},
  };
}

function made() {
  const books = { statements: [], lines: [], payments: [], funds: structuredClone(FUNDS) };
  for (let day = 1; day <= DAYS; day += 1) {
    stateDay(books, day);
  }
  return books;
}

function stateDay(books, number) {
  const date = `${MONTH}-${String(number).padStart(2, '0')}`;
  const day = time.billingDay({ date, zone });
  const window = { start: day.start, end: day.end };
  const there = RESOURCES.filter(({ from = 1, until = DAYS }) => number >= from && number <= until);
  const readings = there.map((one) => readingOf(one, window));
  for (const stated of statement.daily({ day: { date, zone }, readings }).statements) {
    const payment = number <= PAID_DAYS ? pay(books, stated, window) : null;
    books.statements.push(rowOf(stated, books.statements.length + 1, window, payment));
    books.lines.push(stated.lines.map((line) => ({ ...line, takenBack: false })));
  }
}

function readingOf({ owner, resource, kind, spec }, window) {
  const of = { kind: 'spans', spans: [{ start: window.start, end: window.end, mode: 'post_paid', spec }] };
  const { original, payable } = pricing.rate({ card, kind, of, window, rounding: 'portal' });
  return {
    resource,
    window,
    owner: ownerOf(owner),
    unit: 'cloud',
    kind,
    original: `${original.amount} ${currency}`,
    payable: `${payable.amount} ${currency}`,
  };
}

function rowOf({ id, date, owner, unit, kind, sequence, original, payable }, number, window, payment) {
  const written = `${owner.kind}:${owner.id}`;
  const status = payment === null ? 'unpaid' : 'paid';
  return {
    number,
    id,
    date,
    owner: written,
    unit,
    kind,
    sequence: Number(sequence),
    original,
    payable,
    status,
    window,
    payment,
  };
}

/** The number of the payment. */
function pay(books, { id, owner, unit, payable }, { end }) {
  const written = `${owner.kind}:${owner.id}`;
  const funds = books.funds[written];
  const charge = {
    application: 'portal',
    order: id,
    unit,
    payer: owner,
    amount: payable,
    coupons: 'automatic',
    funding: { kind: 'overdraft', overdraft: { limit: null } },
  };
  const { legs } = wallet.plan({ charge, unitApplication: 'portal', funds, now: end });
  const coupons = structuredClone(funds.coupons);
  legs.forEach((leg) => take(funds, leg));
  const number = books.payments.length + 1;
  books.payments.push({
    row: { number, owner: written, order: id, unit, amount: payable, paidAt: end },
    made: { currency, charge, legs: legs.map(held), refunds: [], coupons },
  });
  return number;
}

function take(funds, { source, after }) {
  if (source.kind === 'coupon') {
    funds.coupons.find(({ id }) => id === source.coupon).balance = after;
  } else {
    funds.balance = after;
  }
}

function held({ source, amount, before }) {
  return { source, amount, before };
}

function coupon(id, owner, amount) {
  return {
    id,
    faceValue: `${amount} ${currency}`,
    balance: `${amount} ${currency}`,
    status: 'available',
    effective: '2026-09-01T00:00:00Z',
    expiration: '2027-01-01T00:00:00Z',
    created: '2026-09-01T00:00:00Z',
    owner: ownerOf(owner),
    unit: 'cloud',
    scope: 'unit',
    category: 'server',
  };
}
