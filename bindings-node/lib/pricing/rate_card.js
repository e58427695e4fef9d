'use strict';

const native = require('../native');
const given = require('../given');
const { INSPECT, MADE, checkMade, inspected } = require('../handle');
const { ASKED, inquired, madeTariff } = require('./tariff');

const ASKED_OF_A_KIND = new Set(['kind', ...ASKED]);

/** @type {(value: any) => any} */
let externalOf;

/** A rate card: one revision of prices, read once and kept in Rust. */
class RateCard {
  #native;
  /** @type {[revision: string, currency: string, from: string | null, to: string | null, rates: number] | undefined} */
  #told;

  static {
    externalOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#native : undefined);
  }

  /**
   * @param {unknown} token
   * @param {any} made
   */
  constructor(token, made) {
    checkMade(token, RateCard, 'RateCard.fromToml(text)', 'RateCard.fromJson(text)');
    this.#native = made;
  }

  /** @param {unknown} text */
  static fromToml(text) {
    return new RateCard(MADE, native.cardOfToml(given.text(text, 'text')));
  }

  /** @param {unknown} text */
  static fromJson(text) {
    return new RateCard(MADE, native.cardOfJson(given.text(text, 'text')));
  }

  #members() {
    this.#told ??= JSON.parse(native.cardTold(this.#native));
    return /** @type {[string, string, string | null, string | null, number]} */ (this.#told);
  }

  get revision() {
    return this.#members()[0];
  }

  get currency() {
    return this.#members()[1];
  }

  get validFrom() {
    return this.#members()[2];
  }

  get validTo() {
    return this.#members()[3];
  }

  toToml() {
    return native.cardToToml(this.#native);
  }

  toJson() {
    return native.cardToJson(this.#native);
  }

  toJSON() {
    return JSON.parse(this.toJson());
  }

  /**
   * @param {unknown} kind
   * @param {unknown} at
   */
  tariff(kind, at) {
    const external = native.tariff(this.#native, given.text(kind, 'kind'), given.moment(at, 'at'));
    return madeTariff(external, this);
  }

  /**
   * @param {any} spec
   * @param {any} asked
   */
  inquire(spec, asked) {
    const { kind, ...rest } = given.members(asked, ASKED_OF_A_KIND, 'the call');
    const start = given.moment(rest.start, 'start');
    const external = native.tariff(this.#native, given.text(kind, 'kind'), start);
    const once = typeof start === 'number' ? new Date(start) : start; // what was read is not asked for again
    return inquired(madeTariff(external, this), external, spec, { ...rest, start: once });
  }

  /** @param {unknown} other */
  equals(other) {
    const external = externalOf(other);
    return external !== undefined && native.cardEquals(this.#native, external);
  }

  toString() {
    return `rate card ${this.revision} in ${this.currency}: ${this.#members()[4]} rates`;
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    const { revision, currency, validFrom, validTo } = this;
    return inspected('RateCard', { revision, currency, validFrom, validTo, rates: this.#members()[4] }, asked);
  }
}

module.exports = { RateCard };
