// Inquiry, tiers, deduction and a server-day: ours, and big.js and decimal.js on the same facts with the same answers.

import Big from 'big.js';
import { Decimal } from 'decimal.js';
import counterfoil from '../../bindings-node/lib/index.js';
import * as plain from './plain/billing.mjs';

const { History, RateCard, Spec, Usage, Wallet } = counterfoil;

const LIBRARIES = {
  'big.js': { of: (value) => new Big(value), halfEven: 2 },
  'decimal.js': { of: (value) => new Decimal(value), halfEven: 6 },
};
const DAY = new Date('2024-02-20T00:00:00Z');
const NEXT_DAY = new Date('2024-02-21T00:00:00Z');
const HOUR = 3_600_000;
const ROUNDING = 'half_even 0.01 total';
const PRICES = { base: '0.01', cpu: '0.066', ram: '0.012', disk: '0.001', publicIp: '0.1' };
const UNITS = { base: 'count', cpu: 'core', ram: 'GiB', disk: 'GiB', publicIp: 'count' };
const TIERS = [
  { up_to: '100', price: '1.00' },
  { up_to: '200', price: '0.80' },
  { up_to: '1000', price: '0.50' },
  { price: '0.25' },
];

const rates = Object.entries(PRICES).map(([part, price]) => {
  return { kind: 'server', part: part === 'publicIp' ? 'public_ip' : part, price, per: UNITS[part], every: 'hour' };
});
rates.push({ kind: 'site', part: 'requests', per: 'count', every: 'once', shape: 'graduated', tiers: TIERS });
const card = RateCard.fromJson(JSON.stringify({ revision: '2024-02', currency: 'CNY', rates }));
const tariff = card.tariff('server', DAY);

/** What is compared: ours, and the same by each library. */
export function cases() {
  return [...inquiries(), graduated(), ...deductions(), serverDay()];
}

/**
 * @param {string} name
 * @param {() => unknown} ours
 * @param {(library: import('./plain/billing.mjs').Library) => () => unknown} by
 * @param {number} [leastRatio]
 */
function compared(name, ours, by, leastRatio) {
  const peers = Object.fromEntries(Object.entries(LIBRARIES).map(([peer, library]) => [peer, by(library)]));
  return { name, ours, peers, leastRatio };
}

function pricesOf({ of }) {
  return Object.fromEntries(Object.entries(PRICES).map(([part, price]) => [part, of(price)]));
}

function inquiries() {
  const server = { base: 1, cpu: 4, ram: 8, disk: 50, publicIp: 1 };
  const spec = Spec.server({ cpu: 4, ram: 8, disk: 50, publicIp: true });
  const start = new Date('2024-03-01T08:00:00Z');
  const parts = () => ({ base: '1 count', cpu: '4 core', ram: '8 GiB', disk: '50 GiB', public_ip: '1 count' });
  const by = (read) => (library) => {
    const prices = pricesOf(library);
    return () => read(plain.inquire(library, server, prices, 240, 2));
  };
  const payable = by((quote) => quote.payable);
  const asked = { months: 8, count: 2, rounding: ROUNDING };
  const linesOf = (quote) => [quote.payable, ...quote.lines.map(({ part, subtotal }) => `${part} ${subtotal}`).sort()];
  const byLines = by(({ payable: paid, lines }) => {
    const names = { publicIp: 'public_ip' };
    return [paid, ...lines.map(({ part, amount }) => `${names[part] ?? part} ${amount.toFixed(2)}`).sort()];
  });
  return [
    compared(
      'inquiry of 5 parts',
      () => tariff.inquire(spec, { months: 8, count: 2, rounding: ROUNDING }).payable,
      payable,
      2,
    ),
    compared('inquiry of 5 parts from a `Date` on', () => tariff.inquire(spec, { start, ...asked }).payable, payable),
    compared('inquiry of 5 parts of an object', () => tariff.inquire(parts(), asked).payable, payable),
    compared('inquiry of 5 parts, lines read', () => linesOf(tariff.inquire(spec, asked)), byLines),
  ];
}

function graduated() {
  const requests = '12345.5';
  const site = card.tariff('site', DAY);
  const usage = Usage.counted({ start: DAY, end: NEXT_DAY }, { requests: `${requests} count` });
  return compared(
    'four graduated tiers',
    () => site.rate(usage, { rounding: ROUNDING }).payable,
    (library) => {
      const { of } = library;
      const tiers = TIERS.map(({ up_to: upTo, price }) => {
        return { upTo: upTo === undefined ? null : of(upTo), price: of(price) };
      });
      const units = of(requests);
      return () => plain.graduated(library, units, tiers);
    },
  );
}

function deductions() {
  const now = new Date('2025-03-14T15:09:26Z');
  const payer = { kind: 'user', id: 'zhang' };
  const coupons = Array.from({ length: 10 }, (_, place) => ({
    id: `C${place}`,
    balance: `${5 + place}.50`,
    effective: new Date('2025-03-01T00:00:00Z'),
    expiration: new Date(Date.UTC(2025, 3, 1 + place)),
    created: new Date('2025-02-20T08:00:00Z'),
    unit: 'vm',
    status: 'available',
  }));
  const money = { faceValue: '100.00 CNY', category: 'server', owner: payer };
  const held = coupons.map((coupon) => ({ ...coupon, ...money, balance: `${coupon.balance} CNY` }));
  const wallet = new Wallet({ payer, balance: '50.00 CNY', coupons: held });
  const charge = { application: 'portal', order: 'o', unit: 'vm', at: now, funding: 'enough_funds' };
  const by = (read) => (library) => {
    const held = coupons.map((coupon) => ({ ...coupon, owner: 'zhang', balance: library.of(coupon.balance) }));
    const balance = library.of('50.00');
    return () => read(plain.deduct(library, library.of('123.45'), balance, held, 'zhang', 'vm', now));
  };
  const legs = () => {
    const { legs: taken } = wallet.plan('123.45', charge);
    return taken.map(({ source, amount, before, after }) => [source.coupon ?? source.kind, amount, before, after]);
  };
  const byLegs = by((taken) => {
    const shown = (amount) => `${amount.toFixed(2)} CNY`;
    return taken.map(({ source, amount, before, after }) => [source, shown(amount), shown(before), shown(after)]);
  });
  return [
    compared('deduction from 10 coupons, legs read', legs, byLegs),
    compared(
      'deduction from 10 coupons, what the balance pays',
      () => wallet.plan('123.45', charge).fromAccount,
      by((taken) => `${taken.at(-1).amount.toFixed(2)} CNY`),
    ),
  ];
}

function serverDay() {
  const hours = [null, 7, 13, 19, null];
  const sizes = [[1, 2], [4, 8], [8, 16], [2, 4]];
  const spans = sizes.map(([cpu, ram], place) => ({
    start: new Date(place === 0 ? DAY.getTime() - 72 * HOUR : DAY.getTime() + hours[place] * HOUR),
    end: place === 3 ? null : new Date(DAY.getTime() + hours[place + 1] * HOUR),
    server: { base: 1, cpu, ram, disk: 50, publicIp: 1 },
    postPaid: place !== 3,
  }));
  const history = new History(
    spans.map(({ start, end, server: { cpu, ram, disk }, postPaid }) => ({
      start,
      end,
      spec: Spec.server({ cpu, ram, disk, publicIp: true }),
      mode: postPaid ? 'post_paid' : 'pre_paid',
    })),
  );
  const [window, how] = [{ start: DAY, end: NEXT_DAY }, { rounding: ROUNDING }];
  return compared(
    'server-day with 3 changes',
    () => {
      const { original, payable } = tariff.rate(history.usage(window), how);
      return { original, payable };
    },
    (library) => {
      const prices = pricesOf(library);
      return () => plain.rate(library, plain.meter(spans, DAY, NEXT_DAY), prices);
    },
  );
}
