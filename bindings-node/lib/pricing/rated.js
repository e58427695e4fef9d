'use strict';

const { INSPECT, MADE, inspected } = require('../handle');
const { Priced, equals, membersOf } = require('./priced');

/** What a usage costs: the original amount and what is payable, each rounded once, or segment by segment. */
class Rated extends Priced {
  #usages;

  /**
   * @param {symbol} token
   * @param {import('./tariff').Tariff} tariff
   * @param {string} amounts
   * @param {(...facts: any[]) => any} derive
   * @param {any[]} facts
   * @param {any} usages what was rated: a usage, segments, or how one comes by them
   */
  constructor(token, tariff, amounts, derive, facts, usages) {
    super(token, tariff, amounts, derive, facts);
    this.#usages = usages;
  }

  get usage() {
    return typeof this.#usages === 'function' || Array.isArray(this.#usages) ? null : this.#usages;
  }

  get segments() {
    if (typeof this.#usages === 'function') {
      this.#usages = this.#usages();
    }
    return Array.isArray(this.#usages) ? [...this.#usages] : [this.#usages];
  }

  /**
   * @override
   * @param {unknown} other
   */
  equals(other) {
    return other instanceof Rated && equals(this, other);
  }

  /** @override */
  toJSON() {
    return membersOf(this);
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    const { original, payable, currency } = this;
    return inspected('Rated', { original, payable, currency }, asked);
  }
}

/**
 * A `Rated` of what the native module answered.
 *
 * @param {import('./tariff').Tariff} tariff
 * @param {string} amounts
 * @param {(...facts: any[]) => any} derive
 * @param {any[]} facts
 * @param {any} usages
 */
function madeRated(tariff, amounts, derive, facts, usages) {
  return new Rated(MADE, tariff, amounts, derive, facts, usages);
}

module.exports = { Rated, madeRated };
