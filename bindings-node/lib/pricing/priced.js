'use strict';

const native = require('../native');
const given = require('../given');
const { badInput, shown } = require('../codec/misfit');
const { checkMade } = require('../handle');

/** @typedef {[rounding: string, count: number, exact: [string, string], window: [string, string] | null]} Told */
/** @typedef {[string, string]} Two */
/** @typedef {[part: string, window: Two | null, units: Two, unit: string, rate: string, exact: Two, subtotal: string]} PackedLine */

/**
 * What is asked of a derivation; none of what has none.
 *
 * @type {(value: any, asked: 'whole' | 'lines' | 'en' | 'zh' | 'again' | 'kept') => any}
 */
let whyOf;

/** What something costs, and why. Its derivation is made when it is read, by the same kernel from the same facts. */
class Priced {
  #tariff;
  #amounts;
  #derive;
  #facts;

  static {
    whyOf = (value, asked) =>
      typeof value === 'object' && value !== null && #facts in value ? value.#derive(asked, ...value.#facts) : undefined;
  }

  /**
   * @param {symbol} token
   * @param {import('./tariff').Tariff} tariff
   * @param {string} amounts both amounts, or one if they are the same
   * @param {(asked: string, ...facts: any[]) => any} derive
   * @param {any[]} facts what it is derived from
   */
  constructor(token, tariff, amounts, derive, facts) {
    checkMade(token, new.target, 'tariff.rate', 'tariff.inquire');
    this.#tariff = tariff;
    this.#amounts = amounts;
    this.#derive = derive;
    this.#facts = facts;
  }

  get original() {
    const between = this.#amounts.indexOf(' ');
    return between === -1 ? this.#amounts : this.#amounts.slice(0, between);
  }

  get payable() {
    const between = this.#amounts.indexOf(' ');
    return between === -1 ? this.#amounts : this.#amounts.slice(between + 1);
  }

  get payableMoney() {
    return `${this.payable} ${this.currency}`;
  }

  get tariff() {
    return this.#tariff;
  }

  get currency() {
    return this.#tariff.currency;
  }

  get revision() {
    return this.#tariff.revision;
  }

  get kind() {
    return this.#tariff.kind;
  }

  get payableExact() {
    return toldOf(this)[2][1];
  }

  get rounding() {
    return toldOf(this)[0];
  }

  get lines() {
    return linesOf(JSON.parse(whyOf(this, 'lines')));
  }

  /** @param {unknown} [asked] the language */
  explain(asked) {
    const language = asked ?? 'en';
    if (language !== 'en' && language !== 'zh') {
      const told = shown(given.text(language, 'language'));
      return given.refused(badInput(`${told} is none of \`en\` and \`zh\``, `${told} 不是 \`en\` 或 \`zh\``), 'language');
    }
    return whyOf(this, language);
  }

  recompute() {
    const [original, payable] = JSON.parse(whyOf(this, 'again'));
    return { original, payable };
  }

  toString() {
    return this.payableMoney;
  }
}

/**
 * What its derivation says of the whole.
 *
 * @param {Priced} priced
 * @returns {Told}
 */
function toldOf(priced) {
  return JSON.parse(whyOf(priced, 'whole'));
}

/**
 * Whether both were priced alike, from the same facts.
 *
 * @param {Priced} one
 * @param {unknown} other
 */
function equals(one, other) {
  const theirs = whyOf(other, 'kept');
  return theirs !== undefined && native.whyEquals(whyOf(one, 'kept'), theirs);
}

/**
 * The members of what was rated or quoted.
 *
 * @param {Priced} priced
 */
function membersOf(priced) {
  const { revision, kind, currency, lines, original, payable } = priced;
  const [rounding, count] = toldOf(priced);
  return { revision, kind, currency, rounding, count: String(count), lines, original, payable };
}

/** @param {PackedLine[]} told a line without a window has that of the line before */
function linesOf(told) {
  let [start, end] = ['', ''];
  return told.map(([part, window, [used, payableUnits], unit, rate, [original, payable], subtotal]) => {
    [start, end] = window ?? [start, end];
    return { part, window: { start, end }, used, payableUnits, unit, rate, original, payable, subtotal };
  });
}

module.exports = { Priced, equals, membersOf, toldOf };
