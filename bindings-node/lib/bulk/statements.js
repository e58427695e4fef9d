'use strict';

const { inspect, types } = require('node:util');
const native = require('../native');
const given = require('../given');
const { badInput } = require('../codec/misfit');
const { atMost32, known, placeOf } = require('./options');
const { optionsOf, run } = require('./run');
const { Held, Table } = require('./table');

const OPTIONS = ['currency', 'scale', 'zone', 'by', 'state', 'resources'];

/** Groups charged lines into statements: table after table goes in. */
class Statements {
  #native;
  #said;
  /** Tables are added in the order of the calls: of two lines of one resource and day, the first stands. */
  #last = /** @type {Promise<unknown>} */ (Promise.resolve());

  /**
   * @param {unknown} days one, or several
   * @param {any} options
   */
  constructor(days, options) {
    this.#said = said(days, options);
    this.#native = native.bulkStatements(JSON.stringify(this.#said));
  }

  /**
   * @param {unknown} table
   * @param {any} [options]
   */
  async add(table, options = {}) {
    const watched = optionsOf(options);
    watched.signal?.throwIfAborted();
    const own = Table.passed(table);
    const begin = (/** @type {any} */ stopper, /** @type {any} */ told) =>
      native.bulkAdd(this.#native, own.table, own.isKept, stopper, told);
    return new Table(new Held(await this.#next(() => run(watched, native.tableRows(own.table), begin))));
  }

  /** @param {{ money?: string }} [options] */
  async statements(options = {}) {
    const { money = 'scaled' } = known(options, ['money']);
    const word = given.text(money, 'money');
    const none = { signal: undefined, progress: undefined };
    return new Table(new Held(await this.#next(() => run(none, 0, () => native.bulkStated(this.#native, word)))));
  }

  /**
   * @param {unknown} table
   * @param {unknown} row
   */
  line(table, row) {
    const told = native.bulkLine(this.#native, Table.nativeOf(table), placeOf(row));
    return told && JSON.parse(told);
  }

  get counts() {
    const [stated, passedOver, faulty] = native.bulkCounts(this.#native).map(BigInt);
    return { stated, passedOver, faulty };
  }

  get schema() {
    return new Table(new Held(native.bulkStatementsSchema(this.#native))).schema;
  }

  toJSON() {
    const { days, ...options } = this.#said;
    return { days: [...days], options };
  }

  [inspect.custom]() {
    return `Statements of ${this.counts.stated} lines`;
  }

  /**
   * When what was asked before is done.
   *
   * @template Answer
   * @param {() => Promise<Answer>} next
   * @returns {Promise<Answer>}
   */
  #next(next) {
    const answer = this.#last.then(next);
    this.#last = answer.catch(() => undefined);
    return answer;
  }
}

/**
 * @param {any} days
 * @param {any} options
 */
function said(days, options) {
  const { currency, scale, zone = 'UTC', by, state = 'column', resources = 0 } = known(options, OPTIONS);
  const isList = Array.isArray(days);
  if (isList && days.length === 0) {
    return given.refused(badInput('there is no day', '没有日期'), 'days');
  }
  if (isList && by === undefined) {
    return given.refused(badInput('there are several days: say `day` or `window`', '有多个日期：请指明 `day` 或 `window`'), 'by');
  }
  return {
    days: (isList ? days : [days]).map((/** @type {unknown} */ day) => dayOf(day)),
    currency: given.text(currency, 'currency'),
    scale: atMost32(given.wholeNumber(scale, 'scale'), 'scale'),
    zone: given.text(zone, 'zone'),
    ...(by !== undefined && { by: given.text(by, 'by') }),
    state: given.text(state, 'state'),
    resources: atMost32(given.wholeNumber(resources, 'resources'), 'resources'),
  };
}

/** @param {unknown} day */
function dayOf(day) {
  if (types.isDate(day)) {
    return given.refused(badInput(
        'a `Date` is an instant: pass the day as text like `2024-02-20`',
        '`Date` 是时刻：请以 `2024-02-20` 形式的文本传入日期',
      ), 'days');
  }
  return given.textLike(day, 'days');
}

module.exports = { Statements };
