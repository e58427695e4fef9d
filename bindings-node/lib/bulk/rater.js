'use strict';

const { inspect } = require('node:util');
const native = require('../native');
const given = require('../given');
const { asked } = require('../codec/asked');
const { isNo } = require('../codec/misfit');
const { isList } = require('../codec/plain');
const { atMost32, cardText, placeOf, raterOptions } = require('./options');
const { optionsOf, run } = require('./run');
const { Held, Table } = require('./table');

/** @typedef {InstanceType<typeof import('./column').Column>} Column */

/** What rows came to: a row for each row that came in. */
class Rated extends Table {
  get state() {
    return this.column('state');
  }

  get micros() {
    return this.column('micros').values;
  }

  get payableMicros() {
    return this.column('payable_micros').values;
  }

  get original() {
    return amounts(this.column('original'));
  }

  get payable() {
    return amounts(this.column('payable'));
  }

  get code() {
    return this.column('code');
  }

  get scale() {
    return this.column('payable').scale;
  }

  get currency() {
    return this.schema.find(({ name }) => name === 'payable')?.metadata['counterfoil.unit'] ?? '';
  }

  get counts() {
    const { values, words } = this.state;
    const counts = new Array(words?.length ?? 0).fill(0);
    for (let row = 0; row < values.length; row += 1) {
      counts[values[row]] += 1;
    }
    const of = (/** @type {string} */ word) => BigInt(counts[words?.indexOf(word) ?? -1] ?? 0);
    return { rated: of('rated'), absent: of('absent'), faulty: of('faulty') };
  }

  faults() {
    return new Table(new Held(native.tableFaults(Table.nativeOf(this))));
  }
}

/** Rates tables of usage. */
class Rater {
  #native;
  #said;

  /**
   * @param {unknown} card
   * @param {any} options
   */
  constructor(card, options) {
    this.#said = { card: cardText(card), options: raterOptions(options) };
    const { quantities, ...rest } = this.#said.options;
    const listed = Object.entries(quantities).map(([name, quantity]) => ({ name, ...quantity }));
    this.#native = native.bulkRater(this.#said.card, JSON.stringify({ ...rest, quantities: listed }));
  }

  /**
   * @param {unknown} table
   * @param {any} [options]
   */
  async rate(table, options = {}) {
    const { threads, watched } = threadsOf(options);
    watched.signal?.throwIfAborted();
    const own = Table.passed(table);
    const begin = (/** @type {any} */ stopper, /** @type {any} */ told) =>
      native.bulkRate(this.#native, own.table, own.isKept, threads, stopper, told);
    return new Rated(new Held(await run(watched, native.tableRows(own.table), begin)));
  }

  /**
   * @param {AsyncIterable<unknown> | Iterable<unknown>} tables
   * @param {any} [options]
   */
  async *stream(tables, options = {}) {
    threadsOf(options);
    for await (const table of tablesOf(tables)) {
      yield await this.rate(table, options);
    }
  }

  /**
   * @param {unknown} table
   * @param {unknown} row
   */
  row(table, row) {
    const amounts = native.bulkRow(this.#native, Table.nativeOf(table), placeOf(row));
    return amounts && { original: amounts[0], payable: amounts[1] };
  }

  /**
   * @param {unknown} table
   * @param {unknown} row
   */
  explain(table, row) {
    const told = native.bulkExplain(this.#native, Table.nativeOf(table), placeOf(row));
    return told && explanationOf(JSON.parse(told, (_, value) => Object.freeze(value)));
  }

  get schema() {
    return new Table(new Held(native.bulkRaterSchema(this.#native))).schema;
  }

  toJSON() {
    return structuredClone(this.#said);
  }

  [inspect.custom]() {
    const { rounding, quantities } = this.#said.options;
    return `Rater of ${Object.keys(quantities).join(', ') || 'no quantities'}, ${rounding}`;
  }
}

/**
 * Options of a run, and how many threads it takes.
 *
 * @param {unknown} options
 */
function threadsOf(options) {
  const { threads = 1, ...watched } = optionsOf(options, ['threads']);
  return { threads: atMost32(given.wholeNumber(threads, 'threads'), 'threads'), watched };
}

/**
 * Tables that come one after another. One table is none: its rows would be taken for tables.
 *
 * @param {any} tables
 * @returns {AsyncIterable<unknown> | Iterable<unknown>}
 */
function tablesOf(tables) {
  if (!(tables instanceof Table || ArrayBuffer.isView(tables))) {
    const method = typeof tables === 'object' && tables?.[Symbol.asyncIterator];
    const iterator = /** @type {any} */ (typeof method === 'function' ? asked(tables, method) : undefined);
    if (typeof iterator?.next === 'function') {
      return { [Symbol.asyncIterator]: () => iterator };
    }
    if (isList(tables)) {
      return given.list(tables, 'tables');
    }
  }
  const chinese = '一系列表：请传入数组或（异步）迭代器';
  return given.refused(isNo(tables, 'row of tables: pass an array of them, or what yields them', chinese), 'tables');
}

/** @param {{ text: string, textZh: string, [member: string]: unknown }} told */
function explanationOf({ text, textZh, ...explanation }) {
  const texts = {
    text: { value: (/** @type {string} */ language) => (language === 'zh' ? textZh : text) },
    toString: { value: () => text },
  };
  return Object.freeze(Object.defineProperties(explanation, texts));
}

/** @param {Column} column */
function amounts(column) {
  return column.values instanceof BigInt64Array && column.values.length === column.length && !isDecimal(column)
    ? column.values
    : column;
}

/** @param {Column} column */
function isDecimal({ type }) {
  return type.startsWith('Decimal');
}

module.exports = { Rated, Rater };
