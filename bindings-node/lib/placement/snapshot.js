'use strict';

const native = require('../native');
const given = require('../given');
const { argumentsOf, list, record, word } = require('../codec');
/** @type {any} */
const placement = require('../operations/placement');

const { ChangeInput, InventoryInput, ProductInput, RulesInput } = placement.shapes;

/** What is asked of a snapshot: the input of an operation without the inventory. */
const CHECK = record({ products: list(ProductInput), rules: RulesInput, telling: word, detail: word });
const COUNT = record({ products: list(ProductInput), rules: RulesInput });
const CHANGES = record({ changes: list(ChangeInput) });
const WHAT_IF = record({ changes: list(ChangeInput), products: list(ProductInput), rules: RulesInput });

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
    const snapshot = new Snapshot(Read.of(given.text(text, 'text')));
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

  [Symbol.for('nodejs.util.inspect.custom')]() {
    return `Snapshot of ${this.nodes.length} nodes, with ${this.runningCount} running`;
  }

  /** @param {string} json of changes */
  #after(json) {
    return new Snapshot(new Read(native.snapshotChanged(this.#native, json), [...this.#madeOf, json]));
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
