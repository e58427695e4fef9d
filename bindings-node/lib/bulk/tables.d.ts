// Tables and their columns.

import type { CountLike, TemporalInstant } from '../values';

/** The end of a span that is open, in a column of instants: 2⁶³ − 1. */
export declare const OPEN: bigint;

/** Whole numbers: of 8 to 64 bits, never floats. */
export type Integers =
  Int8Array | Int16Array | Int32Array | BigInt64Array | Uint8Array | Uint16Array | Uint32Array | BigUint64Array;

/**
 * A column of a table that goes in.
 *
 * - a typed array of whole numbers; with `valid`, a byte for each row, where a row may have none;
 * - texts by their codes, of which a negative one is none: the fast form of text;
 * - lists of spans: those of row `i` stand from `offsets[i]` to `offsets[i + 1]`;
 * - an array of values, for some rows: texts, whole numbers, instants, and `null` where there is none;
 * - a column that came out, but of decimals, which are passed as Arrow IPC.
 *
 * # Units
 * `start`, `end`, `windowStart` and `windowEnd` are `BigInt64Array`s of microseconds since 1970, or arrays of `Date`s or
 * `Temporal.Instant`s. A quantity is in the unit that its rater says, and its numbers are scaled as that says.
 */
export type ColumnLike =
  | Integers
  | { readonly values: Integers; readonly valid?: Uint8Array }
  | { readonly codes: Integers; readonly words: readonly string[]; readonly valid?: Uint8Array }
  | { readonly offsets: Int32Array; readonly spans: Columns; readonly valid?: Uint8Array }
  | readonly (string | bigint | number | Date | TemporalInstant | null | undefined)[]
  | Column;

/** Columns by their names, all of one length. Where `end` is `null`, all spans are open. */
export interface Columns {
  readonly [name: string]: ColumnLike | null | undefined;
}

/**
 * What a table is made of: columns, or bytes of Arrow IPC, a stream or a file.
 *
 * All of it is **copied when it is passed**: what is changed afterwards changes no answer. A `Table` is copied once.
 */
export type TableLike = Table | Columns | Uint8Array | ArrayBuffer;

/** A row: its values by the names of the columns. */
export type Row = Record<string, string | bigint | null>;

/** What a column is. */
export interface Field {
  readonly name: string;
  /** The type in Arrow. */
  readonly type: string;
  /** As `counterfoil.unit` and `counterfoil.scale`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Rows of named columns, kept in Rust: made once, for many calls.
 *
 * # Errors
 * `wire.bad_input` where columns are no table; `money.float`, `arrow.float_column` for binary floats;
 * `arrow.source_failed` for bytes that are not what they say.
 *
 * @example
 * const table = new bulk.Table({ kind: ['server', 'disk'], cpu: Int32Array.of(4, 8) });
 * [...table];
 * // => [{ kind: 'server', cpu: 4n }, { kind: 'disk', cpu: 8n }]
 */
export declare class Table implements Iterable<Row> {
  constructor(from: TableLike);
  /** How many rows there are. */
  readonly length: number;
  /** The columns in order. */
  readonly schema: readonly Field[];
  /** Whether there is a column of this name. */
  has(name: string): boolean;
  /**
   * A column by its name.
   *
   * # Errors
   * `wire.bad_input` where there is none; `arrow.column_type` for a type that no array here holds;
   * `arrow.repeated_column` where two have this name.
   *
   * @example
   * const table = new bulk.Table({ kind: ['server', 'disk', null] });
   * table.column('kind').at(2);
   * // => null
   */
  column(name: string): Column;
  /** A row, or `undefined` where there is none; a negative one counts from the end. Errors: those of `column`. */
  at(row: CountLike): Row | undefined;
  [Symbol.iterator](): IterableIterator<Row>;
  /**
   * The table as a stream of Arrow IPC, as `tableFromIPC` of apache-arrow reads it.
   *
   * @example
   * const table = new bulk.Table({ cpu: Int32Array.of(4, 8) });
   * new bulk.Table(table.toIPC()).column('cpu').values;
   * // => Int32Array.of(4, 8)
   */
  toIPC(): Buffer;
  /** The rows, whole numbers as text. In place of what no array here holds there is its type, as `'<Boolean>'`. */
  toJSON(): Record<string, string | null>[];
  /** The first rows under the names of their columns, likewise. */
  toString(): string;
  /**
   * Lets go of its memory in Rust now, and not when the collector comes by: the next answer is written where this one
   * was. Columns that were read stay as they are; a run that has the table has it to its end. Twice is once; anything
   * else that is asked of it afterwards is `wire.bad_input`.
   *
   * It is `[Symbol.dispose]` too, so that `using rated = await rater.rate(usage)` does it at the end of a block.
   *
   * @example
   * const rated = await rater.rate(usage);
   * const { payable } = rated;
   * rated.dispose();
   * payable[0];
   * // => 158n
   */
  dispose(): void;
  [Symbol.dispose](): void;
}

/**
 * A column of a table that came out.
 *
 * Its arrays are what `at`, its iterator and `toJSON`, and `counts` of what was rated, read: what is written to them is
 * what these tell from then on. Copy an array before you change it: `column.values.slice()`.
 */
export declare class Column implements Iterable<string | bigint | null> {
  private constructor();
  readonly name: string;
  /** The type in Arrow. */
  readonly type: string;
  readonly length: number;
  /** How many digits after the point its numbers have; `null` where they are counts. */
  readonly scale: number | null;
  /**
   * The numbers, and whatever stands where a row has none; of text the codes, of which −1 is none. A decimal of 128
   * bits has two, the lower 64 bits first.
   */
  readonly values: Integers;
  /** A byte for each row, 0 where it has no value; `null` where each has one, and for text. */
  readonly valid: Uint8Array | null;
  /** The texts that the codes name; `null` for numbers. */
  readonly words: readonly string[] | null;
  /**
   * A value: text, an amount or a day as text, a count or the microseconds of an instant as `bigint`, `null` where there is
   * none; `undefined` of no row, which is counted from the end where it is negative.
   */
  at(row: CountLike): string | bigint | null | undefined;
  [Symbol.iterator](): IterableIterator<string | bigint | null>;
  toJSON(): (string | null)[];
}

/**
 * The faulty rows of what came out, and their codes: a table of `row`, from 0 over all batches, and `code`. It takes
 * what `Rater.rate` and `Statements.add` give, also as Arrow IPC.
 *
 * # Errors
 * `arrow.missing_column`, `arrow.column_type` for a table that did not come out of here.
 *
 * @example
 * const rated = await rater.rate({ ...usage, kind: ['server', 'moon'] });
 * [...bulk.faults(rated)];
 * // => [{ row: 1n, code: 'arrow.no_tariff' }]
 */
export declare function faults(table: TableLike): Table;
