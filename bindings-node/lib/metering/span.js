'use strict';

const native = require('../native');
const given = require('../given');
const { INSPECT, inspected } = require('../handle');
const { Spec, packed: packedSpec, partsOf } = require('./spec');

const MEMBERS = new Set(['start', 'end', 'spec', 'mode']);

/** @type {(value: any) => string | undefined} */
let packedOf;

/** What a resource was from an instant until another, and how it was charged. */
class Span {
  /** What the native module reads and tells. @type {string} */
  #packed;
  /** @type {[string, string | null, [string, string][], string] | undefined} */
  #told;

  static {
    packedOf = (value) => (typeof value === 'object' && value !== null && #packed in value ? value.#packed : undefined);
  }

  /** @param {any} members */
  constructor(members) {
    this.#packed = native.span(packed(members, 'span'));
  }

  /**
   * @param {unknown} start
   * @param {unknown} end
   * @param {unknown} spec
   */
  static postPaid(start, end, spec) {
    return new Span({ start, end, spec, mode: 'post_paid' });
  }

  /**
   * @param {unknown} start
   * @param {unknown} end
   * @param {unknown} spec
   */
  static prePaid(start, end, spec) {
    return new Span({ start, end, spec, mode: 'pre_paid' });
  }

  /**
   * @param {unknown} start
   * @param {unknown} end
   * @param {unknown} spec
   */
  static quota(start, end, spec) {
    return new Span({ start, end, spec, mode: 'quota' });
  }

  #members() {
    this.#told ??= JSON.parse(this.#packed);
    return /** @type {[string, string | null, [string, string][], string]} */ (this.#told);
  }

  get start() {
    return this.#members()[0];
  }

  get end() {
    return this.#members()[1];
  }

  get spec() {
    return new Spec(new Map(this.#members()[2]));
  }

  get mode() {
    return this.#members()[3];
  }

  /** @param {unknown} other */
  equals(other) {
    const theirs = packedOf(other);
    if (theirs === undefined || theirs === this.#packed) {
      return theirs !== undefined;
    }
    const { start, end, spec, mode } = /** @type {Span} */ (other);
    return this.start === start && this.end === end && this.mode === mode && this.spec.equals(spec);
  }

  toString() {
    const { start, end, mode } = this;
    return `${mode} from ${start}${end === null ? '' : ` to ${end}`}: ${this.spec}`;
  }

  toJSON() {
    const [start, end, parts, mode] = this.#members();
    return { start, end, spec: partsOf(parts), mode };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('Span', this.toJSON(), asked);
  }
}

/**
 * JSON of a `Span`, or of an object with its members.
 *
 * @param {any} value
 * @param {string} at
 */
function packed(value, at) {
  const known = packedOf(value);
  if (known !== undefined) {
    return known;
  }
  const { start, end, spec, mode } = given.members(value, MEMBERS, at);
  const ends = [given.instant(start, `${at}.start`), given.optional(end, `${at}.end`, given.instant)];
  const charged = JSON.stringify(given.text(mode, `${at}.mode`));
  return `[${JSON.stringify(ends).slice(1, -1)},${packedSpec(spec, `${at}.spec`)},${charged}]`;
}

module.exports = { Span, packed };
