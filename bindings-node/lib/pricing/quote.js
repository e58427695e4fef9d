'use strict';

const { INSPECT, MADE, inspected } = require('../handle');
const { Priced, equals, membersOf, toldOf } = require('./priced');

/** What something would cost, and why. */
class Quote extends Priced {
  get at() {
    return this.tariff.at;
  }

  get window() {
    const [start, end] = /** @type {[string, string]} */ (toldOf(this)[3]);
    return { start, end };
  }

  get count() {
    return BigInt(toldOf(this)[1]);
  }

  /**
   * @override
   * @param {unknown} other
   */
  equals(other) {
    return other instanceof Quote && equals(this, other);
  }

  /** @override */
  toJSON() {
    return { ...membersOf(this), window: this.window };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    const { kind, count, original, payable, currency } = this;
    return inspected('Quote', { kind, count, original, payable, currency }, asked);
  }
}

/**
 * A `Quote` of what the native module answered.
 *
 * @param {import('./tariff').Tariff} tariff
 * @param {string} amounts
 * @param {(...facts: any[]) => any} derive
 * @param {any[]} facts
 */
function madeQuote(tariff, amounts, derive, facts) {
  return new Quote(MADE, tariff, amounts, derive, facts);
}

module.exports = { Quote, madeQuote };
