import type { Period } from '../operations/shared';
import type { WindowLike } from './types';
import type { Exact } from '../values';
import type { SpecIn } from './spec';

/** What was used of a part: quantity × hours of what is timed, the quantity of what is counted. */
export interface PartUsage {
  part: string;
  unit: string;
  measure: 'timed' | 'counted';
  used: Exact;
  payable: Exact;
}

/**
 * What a resource used in a window, part by part, exactly.
 *
 * @example
 * const usage = Usage.timed(['2024-02-20T00:00:00Z', '2024-02-20T00:20:00Z'], { cpu: '1 core' })
 * usage.hours('cpu'); // => '1/3'
 */
export class Usage {
  private constructor();

  /** What stays as it is for a whole window, all of it payable. */
  static timed(window: WindowLike, spec: SpecIn): Usage;

  /** What is counted and not timed, all of it payable. */
  static counted(window: WindowLike, spec: SpecIn): Usage;

  /** The window that it is of. */
  get window(): Period;

  /** The names of its parts, in order. */
  get parts(): string[];

  /**
   * What was used of a part, zero of one that it has not.
   *
   * # Units
   * Quantity × hours of what is timed, the quantity of what is counted.
   */
  hours(part: string): Exact;

  /** What of that is payable. */
  payableHours(part: string): Exact;

  /**
   * The usage of two windows that meet.
   *
   * @throws `metering.windows_apart`
   */
  plus(next: Usage): Usage;

  /**
   * What this usage of a window has more than another of the same window.
   *
   * @throws `metering.other_window`
   */
  minus(stored: Usage): Usage;

  equals(other: unknown): boolean;

  toString(): string;

  /** The window and the parts, as the operation `metering.usage` answers. */
  toJSON(): { window: Period; parts: PartUsage[] };
}

/** @internal */
export function madeUsage(external: any): Usage;
/** @internal */
export function lifeOf(value: unknown): any[] | undefined;
/** @internal */
export function usageOfLife(life: any[]): Usage;
/** @internal */
export function usageOf(value: unknown, at: string): any;
