// Inquiry, tiers, deduction and a server-day: ours, and big.js and decimal.js on the same facts with the same answers.

import assert from 'node:assert/strict';
import Big from 'big.js';
import { Decimal } from 'decimal.js';
import { History, RateCard, Spec, Usage, Wallet } from 'counterfoil';
import { bench } from './timing.mjs';
import * as plain from './plain/billing.mjs';

const LIBRARIES = [
  ['big.js', { of: (value) => new Big(value), halfEven: 2 }],
  ['decimal.js', { of: (value) => new Decimal(value), halfEven: 6 }],
];
const DAY = new Date('2024-02-20T00:00:00Z');
const NEXT_DAY = new Date('2024-02-21T00:00:00Z');
const HOUR = 3_600_000;
const ROUNDING = 'half_even 0.01 total';
const PRICES = { base: '0.01', cpu: '0.066', ram: '0.012', disk: '0.001', publicIp: '0.1' };
const UNITS = { base: 'count', cpu: 'core', ram: 'GiB', disk: 'GiB', publicIp: 'count' };

const rates = Object.entries(PRICES).map(([part, price]) => {
  return { kind: 'server', part: part === 'publicIp' ? 'public_ip' : part, price, per: UNITS[part], every: 'hour' };
});
const tiers = [
  { up_to: '100', price: '1.00' },
  { up_to: '200', price: '0.80' },
  { up_to: '1000', price: '0.50' },
  { price: '0.25' },
];
rates.push({ kind: 'site', part: 'requests', per: 'count', every: 'once', shape: 'graduated', tiers });
const card = RateCard.fromJson(JSON.stringify({ revision: '2024-02', currency: 'CNY', rates }));
const tariff = card.tariff('server', DAY);

const pricesOf = ({ of }) => Object.fromEntries(Object.entries(PRICES).map(([part, price]) => [part, of(price)]));

/** Times what we do beside the same in plain JavaScript, whose answers are compared first. */
function compare(group, ours, peers) {
  for (const [name, peer] of peers) {
    assert.deepEqual(peer.answer(), ours.answer(), `${group}: ${name}`);
  }
  for (const [name, way] of [['counterfoil', ours], ...peers]) {
    bench(group, name, way.call ?? way.answer);
  }
}

/** The ways of the libraries. */
const peers = (way) => LIBRARIES.map(([name, library]) => [name, way(library)]);

function inquiry() {
  const server = { base: 1, cpu: 4, ram: 8, disk: 50, publicIp: 1 };
  const spec = Spec.server({ cpu: 4, ram: 8, disk: 50, publicIp: true });
  const asked = () => tariff.inquire(spec, { months: 8, count: 2, rounding: ROUNDING });
  const quote = (library) => {
    const prices = pricesOf(library);
    return () => plain.inquire(library, server, prices, 240, 2);
  };
  const payable = (library) => {
    const quoted = quote(library);
    return { answer: () => quoted().payable };
  };
  compare('inquiry of 5 parts, payable read', { answer: () => asked().payable }, peers(payable));

  const start = new Date('2024-03-01T08:00:00Z');
  const from = () => tariff.inquire(spec, { start, months: 8, count: 2, rounding: ROUNDING }).payable;
  compare('inquiry of 5 parts from a `Date` on, payable read', { answer: from }, peers(payable));

  const parts = () => ({ base: '1 count', cpu: '4 core', ram: '8 GiB', disk: '50 GiB', public_ip: '1 count' });
  const made = () => tariff.inquire(parts(), { months: 8, count: 2, rounding: ROUNDING }).payable;
  compare('inquiry of 5 parts of an object, payable read', { answer: made }, peers(payable));

  const wire = { publicIp: 'public_ip' };
  const lines = (library) => {
    const quoted = quote(library);
    return {
      answer: () => {
        const { lines: all, payable: paid } = quoted();
        return [paid, ...all.map(({ part, amount }) => `${wire[part] ?? part} ${amount.toFixed(2)}`).sort()];
      },
    };
  };
  const ours = () => {
    const quoted = asked();
    return [quoted.payable, ...quoted.lines.map(({ part, subtotal }) => `${part} ${subtotal}`).sort()];
  };
  compare('inquiry of 5 parts, lines read', { answer: ours }, peers(lines));
}

function graduated() {
  const requests = '12345.5';
  const site = card.tariff('site', DAY);
  const usage = Usage.counted({ start: DAY, end: NEXT_DAY }, { requests: `${requests} count` });
  const way = (library) => {
    const { of } = library;
    const read = tiers.map(({ up_to: upTo, price }) => ({ upTo: upTo === undefined ? null : of(upTo), price: of(price) }));
    const units = of(requests);
    return { answer: () => plain.graduated(library, units, read) };
  };
  compare('four graduated tiers', { answer: () => site.rate(usage, { rounding: ROUNDING }).payable }, peers(way));
}

function deduction() {
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
  const wallet = new Wallet({
    payer,
    balance: '50.00 CNY',
    coupons: coupons.map((coupon) => ({
      ...coupon,
      faceValue: '100.00 CNY',
      balance: `${coupon.balance} CNY`,
      category: 'server',
      owner: payer,
    })),
  });
  const charge = { application: 'portal', order: 'o', unit: 'vm', at: now, funding: 'enough_funds' };
  const plan = () => wallet.plan('123.45', charge);
  const shown = ({ source, amount, before, after }) => [source, amount, before, after];
  const way = (library) => {
    const read = coupons.map((coupon) => ({ ...coupon, owner: 'zhang', balance: library.of(coupon.balance) }));
    const balance = library.of('50.00');
    const call = () => plain.deduct(library, library.of('123.45'), balance, read, 'zhang', 'vm', now);
    const answer = () => call().map((leg) => shown(leg).map((value) => value.toFixed?.(2) ?? value));
    return { answer, call };
  };
  const bare = (text) => text.slice(0, -' CNY'.length);
  const answer = () => {
    return plan().legs.map(({ source, amount, before, after }) => {
      return [source.coupon ?? source.kind, bare(amount), bare(before), bare(after)];
    });
  };
  compare('deduction from 10 coupons, planned', { answer, call: plan }, peers(way));
  compare('deduction from 10 coupons, legs as objects', { answer, call: () => plan().legs }, peers(way));
  const read = (library) => ({ answer: way(library).answer });
  compare('deduction from 10 coupons, amounts as text', { answer }, peers(read));
}

function serverDay() {
  const hours = [null, 7, 13, 19, null];
  const spans = [[1, 2], [4, 8], [8, 16], [2, 4]].map(([cpu, ram], place) => ({
    start: new Date(place === 0 ? DAY - 72 * HOUR : DAY.getTime() + hours[place] * HOUR),
    end: place === 3 ? null : new Date(DAY.getTime() + hours[place + 1] * HOUR),
    server: { base: 1, cpu, ram, disk: 50, publicIp: 1 },
    postPaid: place !== 3,
  }));
  const ours = spans.map(({ start, end, server: { cpu, ram, disk }, postPaid }) => ({
    start,
    end,
    spec: Spec.server({ cpu, ram, disk, publicIp: true }),
    mode: postPaid ? 'post_paid' : 'pre_paid',
  }));
  const [history, window, how] = [new History(ours), { start: DAY, end: NEXT_DAY }, { rounding: ROUNDING }];
  const answer = () => {
    const { original, payable } = tariff.rate(history.usage(window), how);
    return { original, payable };
  };
  const way = (library) => {
    const prices = pricesOf(library);
    return { answer: () => plain.rate(library, plain.meter(spans, DAY, NEXT_DAY), prices) };
  };
  compare('server-day with 3 changes', { answer }, peers(way));
}

inquiry();
graduated();
deduction();
serverDay();
