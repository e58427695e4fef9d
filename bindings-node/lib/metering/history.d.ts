import type { QuotaCharge, WindowLike } from './types';
import type { Span, SpanIn } from './span';
import type { Usage } from './usage';

/**
 * The life of a resource: its spans, one after the other.
 *
 * @example
 * const small = Spec.server({ cpu: 1, ram: 2, disk: 50, publicIp: true })
 * const used = Span.postPaid('2024-02-20T00:00:00Z', '2024-02-20T00:18:00Z', small)
 * const history = new History([used, Span.prePaid('2024-02-20T00:18:00Z', null, small)])
 * const usage = history.usage({ start: '2024-02-20T00:00:00Z', end: '2024-02-21T00:00:00Z' })
 * [usage.hours('ram'), usage.payableHours('ram')]; // => ['48', '0.6']
 */
export class History implements Iterable<Span> {
  /**
   * A life of spans, each a `Span` or an object with its members.
   *
   * @throws `metering.no_spans`, `metering.open_span`, `metering.reversed_span`, `metering.overlap`, and as `Span`
   */
  constructor(spans: Iterable<Span | SpanIn>);

  /** Its spans, in order. */
  get spans(): readonly Span[];

  /** How many spans it has. */
  get length(): number;

  /**
   * What was used in a window; `null` if the resource did not live in it.
   *
   * @param asked `quota` says what spans out of a quota cost: nothing, unless it is said
   * @throws `time.reversed`, `time.not_an_instant`, `metering.mixed_units`
   */
  usage(window: WindowLike, asked?: { quota?: QuotaCharge | null } | null): Usage | null;

  /** The same, span by span. */
  segments(window: WindowLike, asked?: { quota?: QuotaCharge | null } | null): Usage[];

  [Symbol.iterator](): IterableIterator<Span>;

  equals(other: unknown): boolean;

  toString(): string;

  /** `{ spans }`, as operations take it. */
  toJSON(): { spans: ReturnType<Span['toJSON']>[] };
}

/** @internal */
export function madeHistory(external: any): History;
