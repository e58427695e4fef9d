'use strict';

// A rate card, a life, a wallet: what tests of billing share.

const assert = require('node:assert/strict');
const { CounterfoilError, History, RateCard, Span, Spec, Wallet } = require('../..');

const ROUNDING = 'half_even 0.01 total';
const DAY = { start: '2024-02-20T00:00:00Z', end: '2024-02-21T00:00:00Z' };
const ZHANG = { kind: 'user', id: 'zhang' };
const PRICES = [
  ['base', '0.00', 'count'],
  ['cpu', '0.066', 'core'],
  ['ram', '0.012', 'GiB'],
  ['disk', '0.122', 'GiB'],
  ['public_ip', '0.66', 'count'],
];

const rates = PRICES.map(([part, price, per]) => ({ kind: 'server', part, price, per, every: 'hour' }));
rates.push({ kind: 'disk', part: 'size', price: '1.02', per: 'GiB', every: 'day' });
const CARD = JSON.stringify({ revision: '2024-02', currency: 'CNY', rates });

/** A server of the card's kinds. */
function server() {
  return Spec.server({ cpu: 4, ram: '8 GiB', disk: 50, publicIp: true });
}

/** A life of three spans in and before the day. */
function history() {
  const small = Spec.server({ cpu: 1, ram: 2, disk: 50, publicIp: true });
  return new History([
    Span.postPaid('2024-02-19T12:00:00Z', '2024-02-20T00:18:00Z', small),
    { start: '2024-02-20T00:18:00Z', end: new Date('2024-02-20T12:00:00Z'), spec: server(), mode: 'post_paid' },
    Span.prePaid('2024-02-20T12:00:00Z', null, server()),
  ]);
}

function coupon(id, balance, expiration, more = {}) {
  return {
    id,
    faceValue: '100.00 CNY',
    balance,
    status: 'available',
    category: 'server',
    effective: '2025-03-01T00:00:00Z',
    expiration,
    created: '2025-02-20T08:00:00Z',
    owner: ZHANG,
    unit: 'vm',
    ...more,
  };
}

function wallet() {
  const coupons = [coupon('C1', '100.00 CNY', '2025-06-01T00:00:00Z'), coupon('C2', '20.00 CNY', '2025-04-01T00:00:00Z')];
  return new Wallet({ payer: ZHANG, balance: '50.00 CNY', coupons });
}

const CHARGE = { application: 'p', order: 'o', unit: 'vm', at: '2025-03-14T00:00:00Z', funding: 'enough_funds' };

/**
 * Calls what has to be refused, with a code, and gives the error.
 *
 * @param {() => unknown} call
 * @param {string} code
 * @param {string} [about]
 */
function refused(call, code, about) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof CounterfoilError, `${about ?? call}: ${error?.stack}`);
    assert.equal(error.code, code, `${about ?? call}: ${error.message}`);
    return error;
  }
  return assert.fail(`${about ?? call} was not refused`);
}

module.exports = {
  CARD,
  CHARGE,
  DAY,
  ROUNDING,
  ZHANG,
  card: () => RateCard.fromJson(CARD),
  coupon,
  history,
  refused,
  server,
  wallet,
};
