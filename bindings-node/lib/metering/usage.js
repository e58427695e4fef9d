'use strict';

const native = require('../native');
const given = require('../given');
const { INSPECT, MADE, checkMade, inspected, noHandle } = require('../handle');
const { specOf } = require('./spec');

/** @typedef {{ part: string, unit: string, measure: 'timed' | 'counted', used: string, payable: string }} PartUsage */

/** @type {(value: any) => any} */
let externalOf;
/** @type {(value: any) => any[] | undefined} */
let lifeOf;

/** What a resource used in a window, part by part, exactly. */
class Usage {
  /** Made when it is needed, where the usage is known by the life that it is of. */
  #native;
  /** The history, the window and the charge of quotas that it is of. @type {any[] | undefined} */
  #life;
  /** @type {{ window: { start: string, end: string }, parts: PartUsage[] } | undefined} */
  #told;

  static {
    externalOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#made() : undefined);
    lifeOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#life : undefined);
  }

  /**
   * @param {any} token
   * @param {any} made
   * @param {any[]} [life]
   */
  constructor(token, made, life) {
    checkMade(token, Usage, 'history.usage', 'Usage.timed', 'Usage.counted');
    this.#native = made;
    this.#life = life;
  }

  #made() {
    this.#native ??= native.historyUsage(.../** @type {[any, any, any, any]} */ (this.#life));
    return this.#native;
  }

  /**
   * @param {unknown} window
   * @param {unknown} spec
   */
  static timed(window, spec) {
    const [start, end] = given.period(window, 'window');
    return madeUsage(native.usageTimed(start, end, specOf(spec, 'spec')));
  }

  /**
   * @param {unknown} window
   * @param {unknown} spec
   */
  static counted(window, spec) {
    const [start, end] = given.period(window, 'window');
    return madeUsage(native.usageCounted(start, end, specOf(spec, 'spec')));
  }

  #members() {
    this.#told ??= unpacked(JSON.parse(native.usageTold(this.#made())));
    return this.#told;
  }

  get window() {
    return { ...this.#members().window };
  }

  get parts() {
    return this.#members().parts.map(({ part }) => part);
  }

  /** @param {unknown} part */
  hours(part) {
    return native.usageHours(this.#made(), given.text(part, 'part'), false);
  }

  /** @param {unknown} part */
  payableHours(part) {
    return native.usageHours(this.#made(), given.text(part, 'part'), true);
  }

  /** @param {unknown} next */
  plus(next) {
    return madeUsage(native.usagePlus(this.#made(), usageOf(next, 'other')));
  }

  /** @param {unknown} stored */
  minus(stored) {
    return madeUsage(native.usageMinus(this.#made(), usageOf(stored, 'other')));
  }

  /** @param {unknown} other */
  equals(other) {
    const external = externalOf(other);
    return external !== undefined && native.usageEquals(this.#made(), external);
  }

  toString() {
    const { window, parts } = this.#members();
    const shown = parts.map(({ part, unit, measure, used }) => {
      return `, ${part} ${used} ${unit}${measure === 'timed' ? '·hour' : ''}`;
    });
    return `${window.start}..${window.end}${shown.join('')}`;
  }

  toJSON() {
    const { window, parts } = this.#members();
    return { window: { ...window }, parts: parts.map((part) => ({ ...part })) };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('Usage', this.toJSON(), asked);
  }
}

/** @param {[string, string, [string, string, 'timed' | 'counted', string, string][]]} told */
function unpacked([start, end, all]) {
  const parts = all.map(([part, unit, measure, used, payable]) => ({ part, unit, measure, used, payable }));
  return { window: { start, end }, parts };
}

/**
 * The native usage of a `Usage`.
 *
 * @param {unknown} value
 * @param {string} at
 */
function usageOf(value, at) {
  return externalOf(value) ?? noHandle(value, 'Usage', at);
}

/**
 * A `Usage` of what the native module made.
 *
 * @param {any} external
 */
function madeUsage(external) {
  return new Usage(MADE, external);
}

/**
 * A `Usage` of a window of a life. What the native module makes of it is large, and Node lets go of such things only
 * between turns of its loop: most are rated, and need not be made.
 *
 * @param {any[]} life
 */
function usageOfLife(life) {
  return new Usage(MADE, undefined, life);
}

module.exports = { Usage, lifeOf, madeUsage, usageOf, usageOfLife };
