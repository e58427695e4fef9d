import type { CountLike, RangeLike } from '../values';
import type { RangeSet } from './set';

/** Ranges in order: any iterable of them; `Ranges` and a `RangeSet` as they are. */
export type SeveralRanges = Ranges | RangeSet | Iterable<RangeLike>;

/**
 * Ranges of one family in order: pieces of a split, a plan, networks of a set. Like an array of their texts, each of
 * which is made when it is asked for.
 *
 * Functions that take ranges take it as it is. It never changes.
 *
 * @example
 * const pieces = new Range('10.0.0.0/16').split(18)
 * pieces.at(1); // => '10.0.64.0/18'
 * pieces.slice(1, 3).texts(); // => ['10.0.64.0/18', '10.0.128.0/18']
 * pieces.size; // => 65536n
 */
export declare class Ranges implements Iterable<string> {
  /** Errors: those of `Range`; `ipam.mixed_families`. */
  constructor(ranges: SeveralRanges);

  /** How many. Errors: `wire.bad_input` where a `number` does not say it: ask `pieceCount`. */
  readonly length: number;
  /** How many, up to 2¹²⁸. */
  readonly pieceCount: bigint;
  /**
   * How many addresses they have together, counting each piece by itself.
   *
   * Errors: `ipam.size_overflow` above 2¹²⁸.
   */
  readonly size: bigint;

  /** The text of one, from the end where the place is negative; `undefined` where there is none. */
  at(place: CountLike): string | undefined;
  /** Their texts, in one call. Errors: `ipam.too_many_pieces` above ten million. */
  texts(): string[];
  /** Some that follow each other, as `Array.prototype.slice` takes them. */
  slice(start?: CountLike | null, end?: CountLike | null): Ranges;
  /** Whether a range is one of them. */
  includes(range: RangeLike): boolean;
  /** The one range that they make together: `mergeRanges(this, length)`. */
  merge(length?: CountLike | null): string;
  /** Whether the other is `Ranges` of the same in the same order. */
  equals(other: unknown): boolean;
  [Symbol.iterator](): IterableIterator<string>;
  toJSON(): string[];
}

/**
 * Makes ranges that follow each other one range, in whatever order they are.
 *
 * Without a length it has the longest label that it may have: the tightest of its addresses, and none that is longer
 * than that of any of them.
 *
 * Errors: `ipam.empty_merge`, `ipam.merge_shorter`, `ipam.merge_not_contiguous`, `ipam.merge_supernet`, `ipam.length`,
 * `ipam.mixed_families`.
 *
 * @example
 * mergeRanges(['159.0.2.0/24', '159.0.1.0/24'], 22); // => '159.0.1.0-159.0.2.255/22'
 *
 * Rule: R-I8. Rows with a state and an owner are merged by `ipam.merge`.
 */
export declare function mergeRanges(ranges: SeveralRanges, length?: CountLike | null): string;

/**
 * The fewest networks that have exactly the addresses of ranges, in order.
 *
 * @example
 * aggregate(['192.0.2.0/25', '192.0.2.128/25']).texts(); // => ['192.0.2.0/24']
 *
 * Rule: R-I10.
 */
export declare function aggregate(ranges: SeveralRanges): Ranges;
