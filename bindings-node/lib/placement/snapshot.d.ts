import type * as placement from '../operations/placement';
import type { ListLike } from '../values';

/** What a product may run on, beside what its parts ask for. */
interface Rules {
  rules?: placement.RulesInput | null;
}

/**
 * The nodes of an inventory and what runs there, kept in Rust, with what is free on each.
 *
 * Nodes and running things are as `placement.check` takes them: quantities are text (`'4'`, `'500m'`, `'8Gi'`), and a
 * resource of which nobody knows how much there is, is `null`. It never changes: `apply` gives another one.
 *
 * @example
 * const nodes = [{ name: 'w1', resources: { cpu: '4' } }, { name: 'w2', resources: { cpu: '1' } }]
 * const running = [{ id: 'a', node: 'w1', parts: [{ resource: 'cpu', amount: '1' }] }]
 * const products = ['1', '4'].map((amount) => ({ id: `${amount}-core`, parts: [{ resource: 'cpu', amount }] }))
 * const snapshot = new Snapshot(nodes, { running })
 * snapshot.check(products).greyed; // => ['4-core']
 * snapshot.count(products).map(({ id, count }) => [id, count]); // => [['1-core', 4n], ['4-core', 0n]]
 * snapshot.whatIf([{ stop: 'a' }], products).after; // => []
 *
 * Rules: R-A1, R-A3, R-A9, R-A13.
 */
export declare class Snapshot {
  /**
   * Errors: `placement.duplicate_node`, `placement.unknown_node`, `placement.duplicate_item`, `placement.card_unnamed`,
   * `placement.unknown_card`, `placement.negative_overcommit`, `placement.amount_overflow`,
   * `placement.duplicate_supply`; `wire.bad_input` for another shape.
   */
  constructor(
    nodes: ListLike<placement.NodeInput>,
    options?: { running?: ListLike<placement.RunningInput> | null; sharing?: 'named' | 'best_fit' | null } | null,
  );

  /**
   * Reads what `JSON.stringify(snapshot)` wrote, or an inventory of JSON text as the wire has it,
   * `{"nodes": [...], "running": [...], "sharing": ...}`; and after it any number of texts with `{"changes": [...]}` as
   * the wire has them, in order.
   */
  static fromJSON(text: string, ...changes: string[]): Snapshot;

  /** The names of its nodes, in order. */
  readonly nodes: string[];
  /** How many things run. */
  readonly runningCount: bigint;

  /**
   * Which products no node takes, at which stage, and why; and on how many nodes the others fit.
   *
   * `telling` is `'every'` (reason of a node) or `'first_check'`; `detail` is `'verdicts'`, `'reasons'` or `'nearest'`.
   *
   * Errors: `placement.too_many_resources`, `wire.too_much_work`; `wire.bad_input` for another shape.
   *
   * Rules: R-A1, R-A2, R-A7, R-A8.
   */
  check(
    products: ListLike<placement.ProductInput>,
    options?: (Rules & Pick<placement.CheckArguments, 'telling' | 'detail'>) | null,
  ): placement.Check;

  /**
   * How many of each product can still be sold, if no other is, and on which nodes; `'unlimited'` where nothing is asked
   * for.
   *
   * Errors: `placement.count_overflow`; those of `check`.
   *
   * Rule: R-A9.
   */
  count(products: ListLike<placement.ProductInput>, options?: Rules | null): placement.Counted[];

  /** What is free on each node, by resource; `null` where nobody knows. Rules: R-A3, R-A4. */
  free(): placement.Free[];

  /**
   * What changes would make grey or sellable, and how many there would be, without making them.
   *
   * A change is one of `{ addNode: node }`, `{ removeNode: name }`, `{ replaceNode: node }`, `{ start: running }`,
   * `{ stop: id }`.
   *
   * Errors: those of `Snapshot` and `check`; `placement.unknown_item`.
   *
   * Rule: R-A13.
   */
  whatIf(
    changes: ListLike<placement.ChangeInput>,
    products: ListLike<placement.ProductInput>,
    options?: Rules | null,
  ): placement.WhatIf;

  /**
   * The snapshot after changes, all of them or, where one is an error, none.
   *
   * Errors: those of `whatIf`.
   *
   * Rule: R-A13.
   */
  apply(changes: ListLike<placement.ChangeInput>): Snapshot;

  /** Whether the other is a snapshot of the same nodes, with the same running there. */
  equals(other: unknown): boolean;
  /**
   * As `placement.whatIf` takes it: what it was made of, and what was applied since. A snapshot to which nothing was
   * applied is itself an `inventory` of an operation.
   */
  toJSON(): { inventory: placement.InventoryInput; changes: placement.ChangeInput[] };
}
