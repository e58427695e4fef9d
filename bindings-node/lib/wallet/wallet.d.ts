import type { Owner } from '../operations/shared';
import type { DecimalLike, Instant, InstantLike, Money, MoneyLike } from '../values';
import type { Plan } from './plan';

/** What a coupon pays: anything of its unit, or one order. */
export type Scope = { kind: 'unit' } | { kind: 'order'; order: string };

/** A coupon, as it is passed. */
export interface CouponIn {
  id: string;
  /** What it was given for. */
  faceValue: MoneyLike;
  /** What is left on it. */
  balance: MoneyLike;
  status: 'wait' | 'available' | 'cancelled' | 'deleted';
  category: 'server' | 'other';
  /** From when it pays. */
  effective: InstantLike;
  /** Until when it pays. */
  expiration: InstantLike;
  created: InstantLike;
  owner?: Owner | null;
  /** The settlement unit that it pays. */
  unit?: string | null;
  /** Anything of its unit, unless an order is named. */
  scope?: 'unit' | Scope | { order: string } | null;
}

/** A coupon: what it was given for, what is left on it, and whom and when it serves. */
export interface Coupon {
  id: string;
  faceValue: Money;
  balance: Money;
  status: 'wait' | 'available' | 'cancelled' | 'deleted';
  category: 'server' | 'other';
  effective: Instant;
  expiration: Instant;
  created: Instant;
  owner: Owner | null;
  unit: string | null;
  scope: Scope;
}

/** The members of a wallet, as they are passed. */
export interface WalletIn {
  payer: Owner;
  balance: MoneyLike;
  /** What is owed beside it: nothing, unless it is said. */
  debt?: MoneyLike | null;
  coupons?: Iterable<CouponIn> | null;
}

/** What is charged, beside the amount. */
export interface ChargeIn {
  application: string;
  order: string;
  unit: string;
  at: InstantLike;
  /** `coupons_only`, `enough_funds`, `overdraft`, `debt`, or an order of sources as text. There is no default: it is money. */
  funding: string;
  /** Ids of those to use, in this order; those that fit, the next to expire first, unless they are named. */
  coupons?: Iterable<string> | null;
  /** Of an overdraft: of the currency of the balance, unless it names one. */
  limit?: DecimalLike | null;
}

/**
 * What a payer has: the balance of an account, what is owed, and coupons. Kept in Rust, asked many times.
 *
 * Coupons may be any rows that the caller holds, of other owners and units too: what does not fit a payment is not used
 * for it. Cash coupons, cards, bonuses, credit lines and locks are for the operation `wallet.plan`.
 *
 * @example
 * const payer = { kind: 'user', id: 'zhang' }
 * const times = { created: '2025-02-20T08:00:00Z', effective: '2025-03-01T00:00:00Z', expiration: '2025-06-01T00:00:00Z' }
 * const of = { owner: payer, unit: 'vm', category: 'server', status: 'available' }
 * const coupon = { id: 'C1', faceValue: '100.00 CNY', balance: '20.00 CNY', ...times, ...of }
 * const wallet = new Wallet({ payer, balance: '50.00 CNY', coupons: [coupon] })
 * const at = '2025-03-14T15:09:26Z'
 * const plan = wallet.plan('23.45', { application: 'portal', order: 'o-7', unit: 'vm', at, funding: 'enough_funds' })
 * plan.legs.map(({ source, amount, after }) => [source.coupon ?? source.kind, amount, after]); // => [['C1', '20.00 CNY', '0.00 CNY'], ['balance', '3.45 CNY', '46.55 CNY']]
 */
export class Wallet {
  /** @throws `wallet.coupon_balance`, `wallet.empty_id`, `money.currency_mismatch`, `time.not_an_instant` */
  constructor(members: WalletIn);

  /** Who pays. */
  get payer(): Owner;

  /** What the account holds. */
  get balance(): Money;

  /** What is owed beside it. */
  get debt(): Money;

  /** The coupons, as they were given. */
  get coupons(): Coupon[];

  /**
   * What to take from what for a charge; nothing is taken.
   *
   * @param amount of the currency of the balance, unless it names one
   * @throws `wallet.funds_not_enough`, `wallet.negative_amount`, `wallet.no_such_coupon`, `money.currency_mismatch`
   */
  plan(amount: DecimalLike, charge: ChargeIn): Plan;

  /** What could be paid of a unit at an instant, from coupons and the balance. */
  usable(purpose: { unit: string; at: InstantLike; order?: string | null }): Money;

  equals(other: unknown): boolean;

  toString(): string;

  /** The members, as they are passed. */
  toJSON(): { payer: Owner; balance: Money; debt: Money; coupons: Coupon[] };
}
