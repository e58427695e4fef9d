import type { Money } from '../values';

/** What pays a leg. */
export type Source =
  | { kind: 'coupon'; coupon: string }
  | { kind: 'cash_coupon'; cashCoupon: string }
  | { kind: 'stored_card'; storedCard: string }
  | { kind: 'bonus'; bonus: string }
  | { kind: 'balance' }
  | { kind: 'credit'; credit: string }
  | { kind: 'debt' };

/** What one source pays of a payment. */
export interface Leg {
  source: Source;
  amount: Money;
  /** What the source held before. */
  before: Money;
  /** What it holds after. */
  after: Money;
}

/** What to take from what for a payment; its legs add up to its amount. */
export class Plan implements Iterable<Leg> {
  private constructor();

  /** What is paid. */
  get amount(): Money;

  /** What each source pays, in the order in which it is taken. */
  get legs(): Leg[];

  /** What coupons, cash coupons and bonuses pay together. */
  get fromCoupons(): Money;

  /** What the account pays: its cards, balance and credit, and as debt. */
  get fromAccount(): Money;

  /** What pays. */
  get method(): 'coupon' | 'balance' | 'mixed';

  /** How many legs it has. */
  get length(): number;

  [Symbol.iterator](): IterableIterator<Leg>;

  toString(): string;

  /** The members, as the operation `wallet.plan` answers. */
  toJSON(): { amount: Money; method: 'coupon' | 'balance' | 'mixed'; fromCoupons: Money; fromAccount: Money; legs: Leg[] };
}

/** @internal */
export function madePlan(packed: string): Plan;
