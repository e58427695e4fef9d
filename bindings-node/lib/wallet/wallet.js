'use strict';

const native = require('../native');
const given = require('../given');
const { badInput, shown } = require('../codec/misfit');
const { INSPECT, inspected } = require('../handle');
const { madePlan } = require('./plan');

const WALLET = new Set(['payer', 'balance', 'debt', 'coupons']);
const OWNER = new Set(['kind', 'id']);
const SCOPE = new Set(['kind', 'order']);
const COUPON = new Set([
  ...['id', 'faceValue', 'balance', 'status', 'category', 'effective', 'expiration', 'created', 'owner', 'unit', 'scope'],
]);
const CHARGE = new Set(['application', 'order', 'unit', 'at', 'funding', 'coupons', 'limit']);
const PURPOSE = new Set(['unit', 'order', 'at']);

/** @type {(value: any) => any} */
let externalOf;

/** What a payer has: the balance of an account, what is owed, and coupons. Kept in Rust, asked many times. */
class Wallet {
  #native;
  /** @type {any} */
  #told;

  static {
    externalOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#native : undefined);
  }

  /** @param {any} members */
  constructor(members) {
    const { payer, balance, debt, coupons } = given.members(members, WALLET, 'wallet');
    this.#native = native.wallet(
      JSON.stringify({
        payer: ownerIn(payer, 'payer'),
        balance: given.measured(balance, 'balance'),
        debt: given.optional(debt, 'debt', given.measured),
        coupons: Array.from(given.optional(coupons, 'coupons', given.list) ?? [], couponIn),
      }),
    );
  }

  #members() {
    this.#told ??= JSON.parse(native.walletTold(this.#native));
    return this.#told;
  }

  get payer() {
    return ownerOut(this.#members().payer);
  }

  get balance() {
    return this.#members().balance;
  }

  get debt() {
    return this.#members().debt;
  }

  get coupons() {
    return this.#members().coupons.map(couponOut);
  }

  /**
   * @param {unknown} amount
   * @param {any} charge
   */
  plan(amount, charge) {
    const { application, order, unit, at, funding, coupons, limit } = given.members(charge, CHARGE, 'the call');
    const packed = JSON.stringify([
      given.decimal(amount, 'amount'),
      given.text(application, 'application'),
      given.text(order, 'order'),
      given.text(unit, 'unit'),
      given.text(funding, 'funding'),
      given.optional(coupons, 'coupons', named),
      given.optional(limit, 'limit', given.decimal),
    ]);
    return madePlan(native.walletPlan(this.#native, packed, given.moment(at, 'at')));
  }

  /** @param {any} purpose */
  usable(purpose) {
    const { unit, order, at } = given.members(purpose, PURPOSE, 'the call');
    const [of, one] = [given.text(unit, 'unit'), given.optional(order, 'order', given.text)];
    return native.walletUsable(this.#native, of, one, given.moment(at, 'at'));
  }

  /** @param {unknown} other */
  equals(other) {
    const external = externalOf(other);
    return external !== undefined && native.walletEquals(this.#native, external);
  }

  toString() {
    const { payer, balance, coupons } = this;
    return `${balance} and ${coupons.length} coupons of ${payer.kind} ${payer.id}`;
  }

  toJSON() {
    const { payer, balance, debt, coupons } = this;
    return { payer, balance, debt, coupons };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('Wallet', this.toJSON(), asked);
  }
}

/**
 * @param {any} owner
 * @param {string} at
 */
function ownerIn(owner, at) {
  const { kind, id } = given.members(owner, OWNER, at);
  return [given.text(kind, `${at}.kind`), given.text(id, `${at}.id`)];
}

/** @param {[string, string]} owner */
function ownerOut([kind, id]) {
  return { kind, id };
}

/**
 * @param {any} coupon
 * @param {number} place
 */
function couponIn(coupon, place) {
  const at = `coupons[${place}]`;
  const { id, faceValue, balance, status, category, effective, expiration, created, owner, unit, scope } = given.members(
    coupon,
    COUPON,
    at,
  );
  return {
    id: given.text(id, `${at}.id`),
    faceValue: given.measured(faceValue, `${at}.faceValue`),
    balance: given.measured(balance, `${at}.balance`),
    status: given.text(status, `${at}.status`),
    category: given.text(category, `${at}.category`),
    effective: given.instant(effective, `${at}.effective`),
    expiration: given.instant(expiration, `${at}.expiration`),
    created: given.instant(created, `${at}.created`),
    owner: given.optional(owner, `${at}.owner`, ownerIn),
    unit: given.optional(unit, `${at}.unit`, given.text),
    order: given.optional(scope, `${at}.scope`, orderIn),
  };
}

/**
 * The one order that a coupon pays; none of what pays anything of its unit.
 *
 * @param {any} scope
 * @param {string} at
 */
function orderIn(scope, at) {
  if (scope === 'unit') {
    return null;
  }
  const { kind, order } = given.members(scope, SCOPE, at);
  if (kind === 'unit' && order === undefined) {
    return null;
  }
  if (kind !== undefined && kind !== 'order') {
    const chinese = `${shown(kind, 'zh')} 不是 \`unit\` 或 \`order\``;
    given.refused(badInput(`${shown(kind)} is none of \`unit\` and \`order\``, chinese), `${at}.kind`);
  }
  return given.text(order, `${at}.order`);
}

/** @param {any} coupon */
function couponOut({ owner, order, ...coupon }) {
  const scope = order === null ? { kind: 'unit' } : { kind: 'order', order };
  return { ...coupon, owner: owner === null ? null : ownerOut(owner), scope };
}

/**
 * @param {unknown} ids
 * @param {string} at
 */
function named(ids, at) {
  return Array.from(given.list(ids, at), (id, place) => given.text(id, `${at}[${place}]`));
}

module.exports = { Wallet };
