// Tables of usage that are rated.

import type { WindowLike } from '../metering/types';
import type { CardLike, CountLike, DateLike, Decimal, Exact, Exactly, Instant, InstantLike } from '../values';
import type { Column, Field, Table, TableLike } from './tables';

/** How a run is watched. */
export interface RunOptions {
  /** Stops the run between two chunks of some thousand rows: then the promise is rejected with its reason. */
  readonly signal?: AbortSignal;
  /**
   * Is told now and then how many rows of how many are done, and at last that all are. What it throws, or what its
   * promise is rejected with, stops the run. A promise that is told last is waited for, until the signal says to stop.
   */
  readonly progress?: (rows: number, of: number) => unknown;
}

export interface RateOptions extends RunOptions {
  /** How many threads rate, 1 where it is left out. Whatever the number, the answer is the same. */
  readonly threads?: CountLike;
}

/** What the numbers of a column are. */
export interface Quantity {
  /** What they count, as `'GiB'`. */
  readonly unit: string;
  /** What they are of, as `'gpu[A100]'`; the name of the column where it is left out. */
  readonly part?: string | null;
  /** For whole numbers: `1500` with 3 is 1.5. A decimal of Arrow has its own, and has to agree. */
  readonly scale?: CountLike | null;
  /** The same whole number for all rows, in no column: `{ constant: 1n, unit: 'count' }` is a base fee. */
  readonly constant?: CountLike | null;
}

/** What is said of the tables of a rater. */
export interface RaterOptions<Amounts extends 'scaled' | 'decimal' = 'scaled' | 'decimal'> {
  /** Which columns are amounts of what: `{ cpu: 'core', ram: 'GiB' }`. */
  readonly quantities: Readonly<Record<string, string | Quantity>>;
  /** A preset as `'portal'`, or text as `'half_even 0.01 total'`. */
  readonly rounding: string | Exactly;
  /**
   * What all rows are metered for: a day in `zone`, or two instants. The columns `windowStart` and `windowEnd` say it
   * where it is left out.
   */
  readonly window?: DateLike | WindowLike;
  /** `'UTC'` where it is left out. */
  readonly zone?: string;
  /** When rates are in force; the start of the one window where it is left out. */
  readonly at?: InstantLike;
  /** The kind of all rows; the column `kind` says it where it is left out. */
  readonly kind?: string;
  /** Kinds and when their rates are in force: the column `tariff` is the place in it. For when prices change. */
  readonly tariffs?: Iterable<{ readonly kind: string; readonly at: InstantLike }>;
  /** How all spans are paid for: `'post_paid'`, `'pre_paid'`, `'quota'`. The column `mode` says it otherwise. */
  readonly mode?: string;
  /** Each row is one span, or has a list of them in the column `history`. */
  readonly spans?: 'flat' | 'lists';
  /** Columns that are handed through. */
  readonly passed?: Iterable<string>;
  /** What spans within a quota cost. */
  readonly quota?: 'free' | 'charged' | string;
  /** With `'parts'` there are columns of the usage of each part, as `cpu_used` and `cpu_payable`. */
  readonly usage?: 'none' | 'parts';
  /** Amounts as whole numbers of their last digit, as cents, or as decimals. */
  readonly money?: Amounts;
}

/**
 * Rates tables of usage: made once, for as many tables as you like, several at once if you like.
 *
 * Columns are found by their names, in any order: `start`, `end`, `mode`, `kind`, and one for each quantity; or where
 * the options say so, `history`, `windowStart`, `windowEnd`, `tariff`. Other columns are left alone.
 *
 * # Errors
 * What is wrong with a card, a unit, a day, or with what is said: of the options, by their codes.
 *
 * # Rounding
 * Once for each row and amount, as `rounding` says; at `segment`, once for each segment of a row, as
 * `tariff.rate(history.segments(window), …)` does, and `tariff.rate(usage, …)` refuses to.
 *
 * # Rule
 * R-P2
 *
 * @example
 * const rater = new bulk.Rater(card, { quantities: { cpu: 'core' }, rounding: 'portal', window: '2024-02-20' });
 * const began = BigInt(Date.parse('2024-02-20T12:00:00Z')) * 1000n;
 * const rated = await rater.rate({
 *   kind: { codes: Int8Array.of(0, 0), words: ['server'] },
 *   mode: ['post_paid', 'pre_paid'],
 *   start: BigInt64Array.of(began, began),
 *   end: null,
 *   cpu: Int32Array.of(2, 8),
 * });
 * [rated.original, rated.payable];
 * // => [BigInt64Array.of(158n, 634n), BigInt64Array.of(158n, 0n)]
 */
export declare class Rater<Amounts extends 'scaled' | 'decimal' = 'scaled'> {
  /** `card` is a `RateCard`, its text in TOML or JSON, or its document. */
  constructor(card: string | CardLike, options: RaterOptions<Amounts>);
  /**
   * Rates a table on a thread of its own. What comes out has a row for each row, in their order.
   *
   * The table is copied before the call returns, so that what is changed meanwhile changes nothing. A process does not
   * end while it rates.
   *
   * # Errors
   * `arrow.missing_column`, `arrow.column_type`, `arrow.float_column`, `arrow.column_scale`, `arrow.repeated_column`,
   * `arrow.source_failed` …; the reason of the signal; what `progress` throws. What is wrong with a row is in `code`.
   *
   * @example
   * const signal = AbortSignal.timeout(60_000);
   * const seen = [];
   * const rated = await rater.rate(usage, { threads: 2, signal, progress: (rows, of) => seen.push(rows / of) });
   * [seen.at(-1), rated.counts];
   * // => [1, { rated: 2n, absent: 0n, faulty: 0n }]
   */
  rate(table: TableLike, options?: RateOptions): Promise<Rated<Amounts>>;
  /**
   * Rates tables as they come, one after another: for what does not fit in memory.
   *
   * @example
   * const rows = [];
   * for await (const rated of rater.stream([usage, usage])) rows.push(rated.length);
   * rows;
   * // => [2, 2]
   */
  stream(tables: AsyncIterable<TableLike> | Iterable<TableLike>, options?: RateOptions): AsyncGenerator<Rated<Amounts>>;
  /**
   * What one row alone comes to, or `null` if it did not live in its window. Where `rate` tells a code, this throws the
   * whole error. A table that is asked for several rows is better made a `Table` before.
   *
   * @example
   * rater.row(usage, 0);
   * // => { original: '1.58', payable: '1.58' }
   */
  row(table: TableLike, row: CountLike): { original: Decimal; payable: Decimal } | null;
  /**
   * Why one row costs what it costs, or `null` if it did not live in its window.
   *
   * # Rule
   * R-P15
   *
   * @example
   * rater.explain(usage, 0).lines.map(({ used, unit, rate, payable }) => `${used} ${unit} × ${rate} = ${payable}`);
   * // => ['24 core·hour × 0.066 = 1.584']
   */
  explain(table: TableLike, row: CountLike): Explanation | null;
  /** The columns that tables have, each of the plainest of the types that it may have. */
  readonly schema: readonly Field[];
  /** The card and the options, of which the same rater can be made: in a worker, after a restart. */
  toJSON(): { card: string; options: RaterOptions<Amounts> };
}

/** What rows came to. */
export interface Rated<Amounts extends 'scaled' | 'decimal' = 'scaled'> extends Table {
  /** `rated`, `absent` (it did not live in its window: nothing to pay) or `faulty`. */
  readonly state: Column;
  /** Microseconds that each row lived in its window; 0 where it is not rated. */
  readonly micros: BigInt64Array;
  /** Microseconds of these that are payable. */
  readonly payableMicros: BigInt64Array;
  /**
   * What all that was used costs: whole numbers of the last digit, of which `scale` stand after the point; 0 where a row
   * is not rated.
   */
  readonly original: Amounts extends 'scaled' ? BigInt64Array : Column;
  /** What is to be paid, likewise. */
  readonly payable: Amounts extends 'scaled' ? BigInt64Array : Column;
  /** The stable code of what is wrong with a row. */
  readonly code: Column;
  /** How many digits after the point amounts have. */
  readonly scale: number;
  /** The currency of all amounts. */
  readonly currency: string;
  /** How many rows came to what. */
  readonly counts: { rated: bigint; absent: bigint; faulty: bigint };
  /** The faulty rows: a table of `row` and `code`. */
  faults(): Table;
}

/** Why something costs what it costs. */
export interface Explanation {
  readonly revision: string;
  readonly kind: string;
  readonly currency: string;
  readonly rounding: string;
  /** Rounded. */
  readonly original: Decimal;
  /** Rounded. */
  readonly payable: Decimal;
  readonly lines: readonly Line[];
  /** The derivation as a table. */
  text(language?: 'en' | 'zh'): string;
  toString(): string;
}

/** Units × price, and what is payable of it. */
export interface Line {
  readonly part: string;
  readonly window: { readonly start: Instant; readonly end: Instant };
  /** How many units of the rate were used. */
  readonly used: Exact;
  /** How many of them are payable. */
  readonly payableUnits: Exact;
  /** As `'core·hour'`. */
  readonly unit: string;
  readonly rate: string;
  /** Before rounding. */
  readonly original: Exact;
  /** Before rounding. */
  readonly payable: Exact;
  /** What is payable, rounded so that the lines add up. */
  readonly subtotal: Decimal;
}
