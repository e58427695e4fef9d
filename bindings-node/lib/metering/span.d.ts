import type { ChargeMode } from './types';
import type { Instant, InstantLike, Quantity } from '../values';
import type { Spec, SpecIn } from './spec';

/** The members of a span, as they are passed. */
export interface SpanIn {
  start: InstantLike;
  /** Left out of what goes on. */
  end?: InstantLike | null;
  spec: SpecIn;
  mode: ChargeMode;
}

/**
 * What a resource was from an instant until another, and how it was charged.
 *
 * @example
 * Span.postPaid('2024-02-20T00:00:00Z', null, Spec.disk(50)).mode; // => 'post_paid'
 */
export class Span {
  /** @throws `time.not_an_instant`, `metering.unknown_charge_mode`, and as `Spec` */
  constructor(members: SpanIn);

  /** Paid by use. */
  static postPaid(start: InstantLike, end: InstantLike | null | undefined, spec: SpecIn): Span;

  /** Paid ahead: used, and nothing to pay for it any more. */
  static prePaid(start: InstantLike, end: InstantLike | null | undefined, spec: SpecIn): Span;

  /** Out of a quota. */
  static quota(start: InstantLike, end: InstantLike | null | undefined, spec: SpecIn): Span;

  /** Its first instant. */
  get start(): Instant;

  /** The instant after its last, or `null`. */
  get end(): Instant | null;

  /** What the resource was made of. */
  get spec(): Spec;

  /** How it was charged. */
  get mode(): ChargeMode;

  equals(other: unknown): boolean;

  toString(): string;

  /** Its members, as operations take them. */
  toJSON(): { start: Instant; end: Instant | null; spec: Record<string, Quantity>; mode: ChargeMode };
}

/** @internal */
export function packed(value: unknown, at: string): string;
