'use strict';

const native = require('../native');
const given = require('../given');
const { INSPECT, MADE, inspected } = require('../handle');
const { Span, packed } = require('./span');
const { madeUsage, usageOfLife } = require('./usage');

const ASKED = new Set(['quota']);
const NOTHING = Object.freeze({});

/** @type {(value: any) => any} */
let externalOf;

/** The life of a resource: its spans, one after the other. */
class History {
  #native;
  /** @type {readonly import('./span').Span[] | undefined} */
  #spans;

  static {
    externalOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#native : undefined);
  }

  /**
   * @param {any} spans
   * @param {any} [made]
   */
  constructor(spans, made) {
    this.#native = spans === MADE ? made : native.history(allPacked(spans));
  }

  get spans() {
    this.#spans ??= Object.freeze(JSON.parse(native.historySpans(this.#native)).map(spanOf));
    return /** @type {readonly import('./span').Span[]} */ (this.#spans);
  }

  get length() {
    return this.spans.length;
  }

  /**
   * @param {unknown} window
   * @param {any} [asked]
   */
  usage(window, asked = NOTHING) {
    const [start, end] = given.period(window, 'window');
    const quota = quotaOf(asked);
    return native.historyIsUsed(this.#native, start, end, quota)
      ? usageOfLife([this.#native, start, end, quota])
      : null;
  }

  /**
   * @param {unknown} window
   * @param {any} [asked]
   */
  segments(window, asked = NOTHING) {
    const [start, end] = given.period(window, 'window');
    return native.historySegments(this.#native, start, end, quotaOf(asked)).map(madeUsage);
  }

  [Symbol.iterator]() {
    return this.spans[Symbol.iterator]();
  }

  /** @param {unknown} other */
  equals(other) {
    const external = externalOf(other);
    return external !== undefined && native.historyEquals(this.#native, external);
  }

  toString() {
    return this.spans.join('\n');
  }

  toJSON() {
    return { spans: this.spans.map((span) => span.toJSON()) };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('History', this.spans, asked);
  }
}

/** @param {unknown} spans */
function allPacked(spans) {
  const all = Array.from(given.list(spans, 'spans'), (span, place) => packed(span, `spans[${place}]`));
  return `[${all.join(',')}]`;
}

/** @param {[string, string | null, [string, string][], import('./types').ChargeMode]} told */
function spanOf([start, end, parts, mode]) {
  return new Span({ start, end, spec: new Map(parts), mode });
}

/**
 * A `History` of what the native module made.
 *
 * @param {any} external
 */
function madeHistory(external) {
  return new History(MADE, external);
}

/** @param {any} asked */
function quotaOf(asked) {
  return given.optional(given.members(asked ?? NOTHING, ASKED, 'the call').quota, 'quota', given.text);
}

module.exports = { History, madeHistory };
