import type { Usage } from '../metering/usage';
import { Priced } from './priced';
import type { Tariff } from './tariff';

/**
 * What a usage costs: the original amount and what is payable, each rounded once, or segment by segment.
 *
 * @example
 * const rate = { kind: 'disk', part: 'size', price: '1.02', per: 'GiB', every: 'day' }
 * const text = JSON.stringify({ revision: '2024-02', currency: 'CNY', rates: [rate] })
 * const tariff = RateCard.fromJson(text).tariff('disk', '2024-02-20T00:00:00Z')
 * const usage = Usage.timed(['2024-02-20T00:00:00Z', '2024-02-20T08:00:00Z'], Spec.disk('2.5'))
 * const rated = tariff.rate(usage, { rounding: 'portal' })
 * [rated.payable, rated.payableExact]; // => ['0.85', '0.85']
 */
export class Rated extends Priced {
  private constructor();

  /** The usage that was rated; `null` where segments were. */
  get usage(): Usage | null;

  /** All that was rated: its segments, or the one usage. */
  get segments(): Usage[];
}

/** @internal */
export function madeRated(
  tariff: Tariff,
  amounts: string,
  derive: (...facts: any[]) => any,
  facts: any[],
  usages: any,
): Rated;
