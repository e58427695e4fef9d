'use strict';

const native = require('../native');
const given = require('../given');
const { badInput } = require('../codec/misfit');
const { ARGUMENT } = require('../codec/plain');
const { argumentsOf, list, record, word } = require('../codec');
/** @type {any} */
const placement = require('../operations/placement');

const { ChangeInput, InventoryInput, ProductInput, RulesInput } = placement.shapes;

/** What is asked of a snapshot: the input of an operation without the inventory. */
const CHECK = record({ products: list(ProductInput), rules: RulesInput, telling: word, detail: word });
const COUNT = record({ products: list(ProductInput), rules: RulesInput });
const CHANGES = record({ changes: list(ChangeInput) });
const WHAT_IF = record({ changes: list(ChangeInput), products: list(ProductInput), rules: RulesInput });

/** The members of what `toJSON` gives. */
const KEPT = new Set(['inventory', 'changes']);

/** An inventory that is read, on its way into a handle. */
class Read {
  /**
   * @param {import('../native').External<'Inventory'>} native
   * @param {readonly string[]} madeOf
   */
  constructor(native, madeOf) {
    this.native = native;
    this.madeOf = madeOf;
  }

  /** @param {string} json */
  static of(json) {
    return new Read(native.snapshotRead(json), [json]);
  }
}

class Snapshot {
  #native;
  /** What it was made of: JSON of the inventory, and of each list of changes. */
  #madeOf;

  /**
   * @param {unknown} nodes
   * @param {unknown} [options]
   */
  constructor(nodes, options) {
    const read = nodes instanceof Read ? nodes : readNodes(nodes, options);
    this.#native = read.native;
    this.#madeOf = read.madeOf;
  }

  /**
   * @param {unknown} text
   * @param {unknown[]} changes
   */
  static fromJSON(text, ...changes) {
    const snapshot = readText(given.text(text, 'text'));
    return changes.reduce(
      (/** @type {Snapshot} */ before, each, place) => before.#after(given.text(each, `changes[${place}]`)),
      snapshot,
    );
  }

  get nodes() {
    return native.snapshotNodes(this.#native);
  }

  get runningCount() {
    return BigInt(native.snapshotRunningCount(this.#native));
  }

  /**
   * @param {unknown} products
   * @param {unknown} [options]
   */
  check(products, options) {
    const json = argumentsOf(CHECK, { ...given.options(options, ['rules', 'telling', 'detail']), products });
    return answer(placement.check, native.snapshotCheck(this.#native, json));
  }

  /**
   * @param {unknown} products
   * @param {unknown} [options]
   */
  count(products, options) {
    const json = argumentsOf(COUNT, { ...given.options(options, ['rules']), products });
    return answer(placement.count, native.snapshotCount(this.#native, json));
  }

  free() {
    return answer(placement.free, native.snapshotFree(this.#native));
  }

  /**
   * @param {unknown} changes
   * @param {unknown} products
   * @param {unknown} [options]
   */
  whatIf(changes, products, options) {
    const json = argumentsOf(WHAT_IF, { ...given.options(options, ['rules']), changes, products });
    return answer(placement.whatIf, native.snapshotWhatIf(this.#native, json));
  }

  /** @param {unknown} changes */
  apply(changes) {
    return this.#after(argumentsOf(CHANGES, { changes }));
  }

  /** @param {unknown} other */
  equals(other) {
    const isOurs = typeof other === 'object' && other !== null && #native in other;
    return isOurs && native.snapshotEquals(this.#native, other.#native);
  }

  toJSON() {
    const [inventory, ...applied] = this.#madeOf.map((json) => JSON.parse(json));
    const changes = applied.flatMap((each) => each.changes);
    const members = { inventory: InventoryInput.read(inventory), changes: list(ChangeInput).read(changes) };
    return JSON.parse(JSON.stringify(members, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
  }

  [ARGUMENT]() {
    if (this.#madeOf.length > 1) {
      throw badInput(
        'changes were applied to the snapshot: ask its own methods, or pass `...snapshot.toJSON()`',
        '该快照已应用变更：请调用其自身的方法，或传入 `...snapshot.toJSON()`',
      );
    }
    return this.toJSON().inventory;
  }

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Snapshot of ${this.nodes.length} nodes, with ${this.runningCount} running`;
  }

  /** @param {string} json of changes */
  #after(json) {
    return new Snapshot(new Read(native.snapshotChanged(this.#native, json), [...this.#madeOf, json]));
  }
}

/**
 * A snapshot of text: of an inventory as the wire has it, or of what `toJSON` gave.
 *
 * @param {string} text
 */
function readText(text) {
  const kept = text.includes('"inventory"') ? parsed(text) : undefined;
  if (kept?.inventory === undefined) {
    return new Snapshot(Read.of(text));
  }
  const { inventory, changes = [] } = given.members(kept, KEPT, 'text');
  const before = new Snapshot(Read.of(argumentsOf(InventoryInput, inventory)));
  return changes.length === 0 ? before : before.apply(changes);
}

/**
 * JSON of a text; none of one that is no JSON, which the core says of it.
 *
 * @param {string} text
 */
function parsed(text) {
  try {
    return JSON.parse(text) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {unknown} nodes
 * @param {unknown} options
 */
function readNodes(nodes, options) {
  return Read.of(argumentsOf(InventoryInput, { ...given.options(options, ['running', 'sharing']), nodes }));
}

/**
 * @param {{ shapes: { answer: import('../codec/shapes').Shape } }} operation whose answer it is
 * @param {string} json
 */
function answer({ shapes }, json) {
  return shapes.answer.read(JSON.parse(json));
}

module.exports = { Snapshot };
