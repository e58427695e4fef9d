import type { SizeLike } from './types';
import type { CountLike, Quantity, QuantityLike } from '../values';

/**
 * Parts with their quantities, as `{ cpu: '4 core', 'gpu[A100]': '2 card' }`. An interface or a class, which TypeScript
 * allows more members than it names, is passed as `{ ...vm }`.
 */
export type Parts = Readonly<Record<string, QuantityLike | undefined>> | ReadonlyMap<string, QuantityLike>;

/** A `Spec`, or an object of its parts. */
export type SpecIn = Spec | Parts;

/**
 * What a resource is made of: parts with their quantities.
 *
 * A `Spec` is kept in Rust: who asks for one thing many times makes it once.
 *
 * @example
 * const spec = Spec.server({ cpu: 4, ram: '8192 MiB', publicIp: true })
 * spec.get('ram'); // => '8192 MiB'
 * new Spec({ cpu: '16 core', 'gpu[A100]': '2 card' }).size; // => 2
 */
export class Spec implements Iterable<[part: string, quantity: Quantity]> {
  /**
   * A spec of parts.
   *
   * @throws `units.bad_name`, `units.unknown_unit`, `units.negative`, `money.float`
   */
  constructor(parts?: SpecIn);

  /** A server: cores, memory and local disk in GiB unless a unit is named, with a public address or not. */
  static server(parts: { cpu: SizeLike; ram: SizeLike; disk?: SizeLike | null; publicIp?: boolean | null }): Spec;

  /** A disk or a snapshot, in GiB unless a unit is named. */
  static disk(size: SizeLike): Spec;

  /** A bucket of so many bytes. */
  static bucket(bytes: CountLike): Spec;

  /** How many parts it has. */
  get size(): number;

  /** Whether it has a part. */
  has(part: string): boolean;

  /** The quantity of a part, or `null`. */
  get(part: string): Quantity | null;

  /** The names of its parts, in order. */
  keys(): IterableIterator<string>;

  /** The quantities of its parts, in order. */
  values(): IterableIterator<Quantity>;

  /** Its parts with their quantities, in order. */
  entries(): IterableIterator<[part: string, quantity: Quantity]>;

  [Symbol.iterator](): IterableIterator<[part: string, quantity: Quantity]>;

  /** Whether both have the same parts; `1 core` and `1.0 core` are equal. */
  equals(other: unknown): boolean;

  toString(): string;

  /** Its parts, as operations take them. */
  toJSON(): Record<string, Quantity>;
}

/** @internal */
export function keptOrPacked(value: unknown, at: string): any;
/** @internal */
export function packed(value: unknown, at: string): string;
/** @internal */
export function partsOf(parts: Iterable<[string, string]>): Record<string, string>;
/** @internal */
export function specOf(value: unknown, at: string): any;
