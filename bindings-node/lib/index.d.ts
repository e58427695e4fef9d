// The arithmetic of a cloud portal: metering, pricing, coupons and balance, statements, address ranges, placement.

export * as ipam from './operations/ipam';
export * as metering from './operations/metering';
export * as money from './operations/money';
export * as order from './operations/order';
export * as placement from './operations/placement';
export * as pricing from './operations/pricing';
export * as statement from './operations/statement';
export * as time from './operations/time';
export * as units from './operations/units';
export * as wallet from './operations/wallet';

export * as bulk from './bulk';
export { type Category, CounterfoilError, type Language } from './errors';
export type * from './values';
export {
  type LookupMatch,
  LookupTable,
  Range,
  RangeSet,
  Ranges,
  type SeveralRanges,
  type SplitOptions,
  aggregate,
  mergeRanges,
} from './ipam';
export { History } from './metering/history';
export { type ArchiveRow, type ArchiveRowIn, PortalRows, type PortalRowsIn } from './metering/portal_rows';
export { Span, type SpanIn } from './metering/span';
export { Spec, type SpecIn } from './metering/spec';
export { type ChargeMode, type QuotaCharge, type SizeLike, type WindowLike } from './metering/types';
export { type PartUsage, Usage } from './metering/usage';
export { Snapshot } from './placement/snapshot';
export { type Line } from './pricing/priced';
export { Quote } from './pricing/quote';
export { RateCard } from './pricing/rate_card';
export { Rated } from './pricing/rated';
export { type Asked, type Rounded, Tariff } from './pricing/tariff';
export { type Leg, Plan, type Source } from './wallet/plan';
export { type ChargeIn, type Coupon, type CouponIn, Wallet, type WalletIn } from './wallet/wallet';

/**
 * Calls an operation with JSON text, and gives JSON text: `{"ok": …}` or `{"error": …}`.
 *
 * @example
 * evaluate('money.parse', '{"text": "12.30"}'); // => '{"ok":{"amount":"12.30"}}'
 */
export declare function evaluate(operation: string, json: string): string;

/** The names of all operations, as `'pricing.inquire'`. */
export declare function operations(): string[];
