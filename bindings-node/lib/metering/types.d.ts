// What handles of billing take beside the values of operations.

import type { DecimalLike, InstantLike, QuantityLike } from '../values';

/** An amount of a unit as `'8 GiB'`, or a decimal of the usual unit, for which a whole `number` will do. */
export type SizeLike = QuantityLike | DecimalLike | number;

/** From an instant until before another: an object with both ends, or a pair of them. */
export type WindowLike = { readonly start: InstantLike; readonly end: InstantLike } | readonly [start: InstantLike, end: InstantLike];

/** How a span is charged: by use, ahead, or out of a quota. */
export type ChargeMode = 'post_paid' | 'pre_paid' | 'quota';

/** What spans out of a quota cost. */
export type QuotaCharge = 'free' | 'like_post_paid';
