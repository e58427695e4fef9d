'use strict';

const native = require('../native');
const given = require('../given');
const { badInput, isNo } = require('../codec/misfit');
const { INSPECT, MADE, checkMade, inspected } = require('../handle');
const { rowsOf } = require('../metering/portal_rows');
const { keptOrPacked } = require('../metering/spec');
const { lifeOf, madeUsage, usageOf } = require('../metering/usage');
const { madeQuote } = require('./quote');
const { madeRated } = require('./rated');
const { roundingOf } = require('./rounding');

/** @typedef {(...facts: any[]) => any} Call a call of the native module, whose arguments are kept as they were */

/** @type {Record<'rate' | 'rateHistory' | 'rateSegments' | 'bill' | 'inquire', Call>} */
const { rate, rateHistory, rateSegments, bill, inquire } = native;
/** @type {any[]} */
const NOTHING = [];
const ROUNDED = new Set(['rounding']);
const ASKED = new Set(['rounding', 'start', 'end', 'years', 'months', 'weeks', 'days', 'hours', 'zone', 'count']);

/** The rates of a kind that are in force at an instant, ready to rate with. */
class Tariff {
  #native;
  #card;
  /** @type {[revision: string, kind: string, at: string, currency: string] | undefined} */
  #told;

  /**
   * @param {unknown} token
   * @param {any} made
   * @param {import('./rate_card').RateCard} card
   */
  constructor(token, made, card) {
    checkMade(token, Tariff, 'card.tariff(kind, at)');
    this.#native = made;
    this.#card = card;
  }

  #members() {
    this.#told ??= JSON.parse(native.tariffTold(this.#native));
    return /** @type {[string, string, string, string]} */ (this.#told);
  }

  get card() {
    return this.#card;
  }

  get revision() {
    return this.#members()[0];
  }

  get kind() {
    return this.#members()[1];
  }

  get at() {
    return this.#members()[2];
  }

  get currency() {
    return this.#members()[3];
  }

  /**
   * @param {any} usage
   * @param {any} how
   */
  rate(usage, how) {
    const rounding = roundingIn(how);
    if (Array.isArray(usage)) {
      const segments = usage.map((segment, place) => usageOf(segment, `usage[${place}]`));
      const facts = [this.#native, segments, rounding];
      return madeRated(this, rateSegments(...facts), native.rateSegmentsWhy, facts, [...usage]);
    }
    if (typeof usage === 'object' && usage !== null && Symbol.iterator in usage) {
      const fault = isNo(usage, '`Usage`: pass one, or an array of segments', ' `Usage`：请传入一个，或传入分段数组');
      return given.refused(fault, 'usage');
    }
    const life = lifeOf(usage);
    if (life !== undefined) {
      const why = (/** @type {string} */ asked) => native.rateWhy(asked, this.#native, usageOf(usage, 'usage'), rounding);
      return madeRated(this, rateHistory(this.#native, ...life, rounding), why, NOTHING, usage);
    }
    const metered = usageOf(usage, 'usage');
    const facts = [this.#native, metered, rounding];
    return madeRated(this, rate(this.#native, metered, rounding), native.rateWhy, facts, usage);
  }

  /**
   * @param {any} rows
   * @param {any} window
   * @param {any} how
   */
  rateRows(rows, window, how) {
    const [external, rounding, [start, end]] = [rowsOf(rows, 'rows'), roundingIn(how), given.period(window, 'window')];
    const amounts = native.rateRows(this.#native, external, start, end, rounding);
    if (amounts === null) {
      return null;
    }
    const facts = [this.#native, external, start, end, rounding];
    const segments = () => native.portalRowsSegments(external, start, end)?.map(madeUsage);
    return madeRated(this, amounts, native.rateRowsWhy, facts, segments);
  }

  /**
   * @param {any} usage
   * @param {any} how
   */
  bill(usage, how) {
    const facts = [this.#native, usageOf(usage, 'usage'), roundingIn(how)];
    return madeQuote(this, bill(...facts), native.billWhy, facts);
  }

  /**
   * @param {any} spec
   * @param {any} asked
   */
  inquire(spec, asked) {
    return inquired(this, this.#native, spec, given.members(asked, ASKED, 'the call'));
  }

  /** @param {unknown} other */
  equals(other) {
    if (typeof other !== 'object' || other === null || !(#native in other)) {
      return false;
    }
    return this.kind === other.kind && this.at === other.at && this.#card.equals(other.#card);
  }

  toString() {
    return `${this.kind} of ${this.revision} at ${this.at}`;
  }

  toJSON() {
    return { card: this.#card.toJSON(), kind: this.kind, at: this.at };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    const { revision, kind, at, currency } = this;
    return inspected('Tariff', { revision, kind, at, currency }, asked);
  }
}

/** @param {any} how */
function roundingIn(how) {
  return roundingOf(given.members(how, ROUNDED, 'the call').rounding);
}

/**
 * Quotes a spec.
 *
 * @param {import('./tariff').Tariff} tariff
 * @param {any} external
 * @param {any} spec
 * @param {any} asked
 */
function inquired(tariff, external, spec, asked) {
  const facts = factsOf(external, spec, asked);
  const [rates, parts, rounding, start, end, years, months, weeks, days, hours, zone, count] = facts;
  // Not spread: V8 compiles a call of a native function only where it sees its arguments.
  const amounts = inquire(rates, parts, rounding, start, end, years, months, weeks, days, hours, zone, count);
  return madeQuote(tariff, amounts, native.inquireWhy, facts);
}

/**
 * The arguments of an inquiry, in the order in which the native module takes them.
 *
 * @param {any} tariff
 * @param {any} spec
 * @param {any} asked
 */
function factsOf(tariff, spec, { rounding, start, end, years, months, weeks, days, hours, zone, count }) {
  const term = years ?? months ?? weeks ?? days ?? hours ?? zone;
  if (end !== undefined && end !== null && term !== undefined && term !== null) {
    given.refused(badInput('it stands beside a term: leave one of them out', '它与期限同时出现：请去掉其一'), 'end');
  }
  return [
    tariff,
    keptOrPacked(spec, 'spec'),
    roundingOf(rounding),
    given.optional(start, 'start', given.moment),
    given.optional(end, 'end', given.moment),
    given.optional(years, 'years', given.count),
    given.optional(months, 'months', given.count),
    given.optional(weeks, 'weeks', given.count),
    given.optional(days, 'days', given.count),
    given.optional(hours, 'hours', given.count),
    given.optional(zone, 'zone', given.text),
    given.optional(count, 'count', given.count),
  ];
}

/**
 * A `Tariff` of what the native module made.
 *
 * @param {any} external
 * @param {import('./rate_card').RateCard} card
 */
function madeTariff(external, card) {
  return new Tariff(MADE, external, card);
}

module.exports = { ASKED, Tariff, inquired, madeTariff };
