'use strict';

const { INSPECT, MADE, checkMade, inspected } = require('../handle');

/** @typedef {[kind: string, id: string | null, amount: string, before: string | null, after: string]} PackedLeg */
/** @typedef {[paid: string, coupons: string, account: string, method: string, currency: string, legs: PackedLeg[]]} Told */

/**
 * Sources by their kinds.
 *
 * @type {Record<string, (id: string | null) => import('./plan').Source>}
 */
const SOURCES = {
  coupon: (id) => ({ kind: 'coupon', coupon: String(id) }),
  cash_coupon: (id) => ({ kind: 'cash_coupon', cashCoupon: String(id) }),
  stored_card: (id) => ({ kind: 'stored_card', storedCard: String(id) }),
  bonus: (id) => ({ kind: 'bonus', bonus: String(id) }),
  balance: () => ({ kind: 'balance' }),
  credit: (id) => ({ kind: 'credit', credit: String(id) }),
  debt: () => ({ kind: 'debt' }),
};

/** What to take from what for a payment; its legs add up to its amount. */
class Plan {
  /** What the native module answered, until it is read. @type {string} */
  #packed;
  /** @type {Told | undefined} */
  #told;

  /**
   * @param {unknown} token
   * @param {string} packed
   */
  constructor(token, packed) {
    checkMade(token, Plan, 'wallet.plan(amount, charge)');
    this.#packed = packed;
  }

  #members() {
    this.#told ??= JSON.parse(this.#packed);
    return /** @type {Told} */ (this.#told);
  }

  get amount() {
    const [paid, , , , currency] = this.#members();
    return `${paid} ${currency}`;
  }

  get legs() {
    const [, , , , currency, legs] = this.#members();
    return legs.map((leg) => legOf(leg, currency));
  }

  get fromCoupons() {
    const [, coupons, , , currency] = this.#members();
    return `${coupons} ${currency}`;
  }

  get fromAccount() {
    const [, , account, , currency] = this.#members();
    return `${account} ${currency}`;
  }

  get method() {
    return this.#members()[3];
  }

  get length() {
    return this.#members()[5].length;
  }

  [Symbol.iterator]() {
    return this.legs[Symbol.iterator]();
  }

  toString() {
    const legs = this.#members()[5].map(([kind, id, amount]) => `${amount} from ${id === null ? kind : `${kind} ${id}`}`);
    return `${this.amount}: ${legs.join(', ')}`;
  }

  toJSON() {
    const { amount, method, fromCoupons, fromAccount, legs } = this;
    return { amount, method, fromCoupons, fromAccount, legs };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('Plan', this.toJSON(), asked);
  }
}

/**
 * @param {PackedLeg} leg
 * @param {string} currency
 */
function legOf([kind, id, amount, before, after], currency) {
  const source = SOURCES[kind](id);
  const paid = `${amount} ${currency}`;
  return { source, amount: paid, before: before === null ? paid : `${before} ${currency}`, after: `${after} ${currency}` };
}

/**
 * A `Plan` of what the native module answered.
 *
 * @param {string} packed
 */
function madePlan(packed) {
  return new Plan(MADE, packed);
}

module.exports = { Plan, madePlan };
