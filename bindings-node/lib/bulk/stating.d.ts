// Tables of charged lines that are grouped into statements.

import type { CountLike, DateLike, Decimal } from '../values';
import type { RunOptions } from './rating';
import type { Field, Table, TableLike } from './tables';

/** What is said of the tables. */
export interface StatementsOptions {
  /** The currency of all amounts. */
  readonly currency: string;
  /** How many digits after the point amounts have. */
  readonly scale: CountLike;
  /** Where the days are days: `'UTC'` where it is left out. */
  readonly zone?: string;
  /** Of several days, how rows name theirs: by the column `day`, or by `windowStart` and `windowEnd`. */
  readonly by?: 'day' | 'window';
  /** Whether a column `state` says which lines are stated, or all are. */
  readonly state?: 'column' | 'all';
  /** How many resources the column `resource` numbers, from 0: of one and a day, the first line is stated. */
  readonly resources?: CountLike;
}

/** A line as it is read. */
export interface StatedLine {
  readonly owner: string;
  readonly unit: string;
  readonly kind: string;
  readonly original: Decimal;
  readonly payable: Decimal;
  readonly currency: string;
}

/**
 * Groups charged lines into the statements of each day, owner, service unit and kind: table after table goes in.
 *
 * A table has the columns `owner` (as `user:ada`), `unit`, `kind`, `original`, `payable`, and `state` unless that is
 * `'all'`: what a `Rater` gives, with `owner`, `unit`, `kind` and the day passed through.
 *
 * # Errors
 * What is wrong with what is said; `arrow.ambiguous_day`.
 *
 * # Rule
 * R-S1
 *
 * @example
 * const statements = new bulk.Statements('2024-02-20', { currency: 'CNY', scale: 2, state: 'all' });
 * await statements.add({
 *   owner: ['user:bob', 'user:ada', 'ada'],
 *   unit: ['vm', 'vm', 'vm'],
 *   kind: ['server', 'server', 'server'],
 *   original: BigInt64Array.of(317n, 317n, 317n),
 *   payable: BigInt64Array.of(317n, 0n, 317n),
 * });
 * const stated = await statements.statements();
 * [...stated].map(({ statement, payable }) => [statement, payable]);
 * // => [['2024-02-20/UTC/user/ada/vm/server/0', '0.00'], ['2024-02-20/UTC/user/bob/vm/server/0', '3.17']]
 */
export declare class Statements {
  constructor(days: DateLike | readonly DateLike[], options: StatementsOptions);
  /**
   * Adds a table on a thread of its own, each line to its statement: a table of `group`, the number of the statement,
   * and `code`, what is wrong with the line; a line with neither was not rated. Tables are added in the order of the calls.
   *
   * Where a run is stopped in the middle, or the table ends with an error, some of its lines may have been added: then
   * every later call is rejected with `arrow.cancelled`, and the statements have to be made anew.
   *
   * # Errors
   * As `Rater.rate`.
   */
  add(table: TableLike, options?: RunOptions): Promise<Table>;
  /** The statements of all tables so far, in the order of day, owner, unit and kind. */
  statements(options?: { readonly money?: 'scaled' | 'decimal' }): Promise<Table>;
  /** One line as it is read, or `null` if it was not rated. Where `add` tells a code, this throws the whole error. */
  line(table: TableLike, row: CountLike): StatedLine | null;
  /** How many lines so far are stated, were passed over as not rated, or are faulty. */
  readonly counts: { stated: bigint; passedOver: bigint; faulty: bigint };
  /** The columns that tables have, each of the plainest of the types that it may have. */
  readonly schema: readonly Field[];
  /** The days and the options, of which the same statements can be made: in a worker, after a restart. No lines. */
  toJSON(): { days: string[]; options: StatementsOptions };
}
