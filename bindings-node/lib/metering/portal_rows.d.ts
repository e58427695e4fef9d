import type { ChargeMode, WindowLike } from './types';
import type { Instant, InstantLike, Quantity } from '../values';
import type { History } from './history';
import type { Spec, SpecIn } from './spec';
import type { Usage } from './usage';

/** What ended a row of an archive. */
export type Change = 'rebuild' | 'post2pre' | 'expansion';

/** What a resource of a portal was before a change, as a row of its archive says. */
export interface ArchiveRowIn {
  change: Change;
  start: InstantLike;
  end: InstantLike;
  spec: SpecIn;
  /** Left out where the row does not say how it was paid. */
  mode?: ChargeMode | null;
}

/** The current row of a resource, and the rows of its archive. */
export interface PortalRowsIn {
  created: InstantLike;
  start: InstantLike;
  deleted?: InstantLike | null;
  mode: ChargeMode;
  spec: SpecIn;
  archive?: Iterable<ArchiveRowIn> | null;
}

/** A row of an archive. */
export interface ArchiveRow {
  change: Change;
  start: Instant;
  end: Instant;
  mode: ChargeMode | null;
  spec: Record<string, Quantity>;
}

/** The current row of a resource. */
export interface CurrentRow {
  created: Instant;
  start: Instant;
  deleted: Instant | null;
  mode: ChargeMode;
  spec: Record<string, Quantity>;
}

/**
 * What a portal's tables say of a resource: the current row, and the rows of its archive.
 *
 * @example
 * const old = { change: 'expansion', start: '2024-01-01T00:00:00Z', end: '2024-02-20T10:00:00Z', spec: Spec.disk(100) }
 * const now = { created: old.start, start: old.end, mode: 'post_paid', spec: Spec.disk(200) }
 * const rows = PortalRows.disk({ ...now, archive: [old] })
 * const day = { start: '2024-02-20T00:00:00Z', end: '2024-02-21T00:00:00Z' }
 * rows.segments(day).map((segment) => segment.hours('size')); // => ['2800', '0']
 * rows.history().usage(day).hours('size'); // => '3800'
 */
export class PortalRows {
  private constructor();

  /** The rows of a server. */
  static server(rows: PortalRowsIn): PortalRows;

  /** The rows of a disk. */
  static disk(rows: PortalRowsIn): PortalRows;

  /** What they are rows of. */
  get rowsOf(): 'server' | 'disk';

  /** When the resource was created. */
  get created(): Instant;

  /** When it became what the current row says. */
  get start(): Instant;

  /** When it was deleted, or `null`. */
  get deleted(): Instant | null;

  /** How it is paid for. */
  get mode(): ChargeMode;

  /** What it is made of. */
  get spec(): Spec;

  /** What it was before, in the order in which it was given. */
  get archive(): ArchiveRow[];

  /**
   * What the portal itself computes for a day: segments that it rounds apart, to be rated as `half_even 0.01 segment`;
   * `null` where it has no reading.
   */
  segments(window: WindowLike): Usage[] | null;

  /** The life that the rows tell: what one should meter with. Rows of no part of it are left out. */
  history(): History;

  equals(other: unknown): boolean;

  toString(): string;

  /** The members, as the operation `metering.portal_usage` takes them. */
  toJSON(): { rowsOf: 'server' | 'disk'; current: CurrentRow; archive: ArchiveRow[] };
}

/** @internal */
export function rowsOf(value: unknown, at: string): any;
