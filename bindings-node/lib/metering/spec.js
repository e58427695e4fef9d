'use strict';

const native = require('../native');
const given = require('../given');
const { isNo } = require('../codec/misfit');
const { INSPECT, MADE, inspected } = require('../handle');

/** What a spec is, where something else is passed. */
const SPEC = ['spec: pass a `Spec` or an object of parts', '规格：请传入 `Spec` 或部件对象'];
const SERVER = new Set(['cpu', 'ram', 'disk', 'publicIp']);

/** @type {(value: any) => any} */
let externalOf;

/** What a resource is made of: parts with their quantities. Kept in Rust, for as many calls as one likes. */
class Spec {
  #native;
  /** @type {Map<string, string> | undefined} */
  #parts;

  static {
    externalOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#native : undefined);
  }

  /**
   * @param {any} [parts]
   * @param {any} [made]
   */
  constructor(parts = {}, made) {
    this.#native = parts === MADE ? made : native.spec(packed(parts, 'parts'));
  }

  /** @param {any} members */
  static server(members) {
    const { cpu, ram, disk, publicIp } = given.members(members, SERVER, 'server');
    const [cores, memory] = [given.sized(cpu, 'cpu'), given.sized(ram, 'ram')];
    const local = given.optional(disk, 'disk', given.sized) ?? '0';
    const isPublic = given.optional(publicIp, 'publicIp', truth) ?? false;
    return new Spec(MADE, native.specOfServer(cores, memory, local, isPublic));
  }

  /** @param {unknown} size */
  static disk(size) {
    return new Spec(MADE, native.specOfDisk(given.sized(size, 'size')));
  }

  /** @param {unknown} bytes */
  static bucket(bytes) {
    const whole = typeof bytes === 'bigint' ? bytes : given.wholeNumber(bytes, 'bytes');
    return new Spec(MADE, native.specOfBucket(String(whole)));
  }

  #all() {
    this.#parts ??= new Map(JSON.parse(native.specParts(this.#native)));
    return this.#parts;
  }

  get size() {
    return this.#all().size;
  }

  /** @param {unknown} part */
  has(part) {
    return this.#all().has(given.text(part, 'part'));
  }

  /** @param {unknown} part */
  get(part) {
    return this.#all().get(given.text(part, 'part')) ?? null;
  }

  keys() {
    return this.#all().keys();
  }

  values() {
    return this.#all().values();
  }

  entries() {
    return this.#all().entries();
  }

  [Symbol.iterator]() {
    return this.#all().entries();
  }

  /** @param {unknown} other */
  equals(other) {
    const external = externalOf(other);
    return external !== undefined && native.specEquals(this.#native, external);
  }

  toString() {
    return Array.from(this.#all(), ([part, quantity]) => `${part} ${quantity}`).join(', ');
  }

  toJSON() {
    return partsOf(this.#all());
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('Spec', { ...this.toJSON() }, asked);
  }
}

/**
 * The native spec of a `Spec`, or of an object of parts.
 *
 * @param {unknown} value
 * @param {string} at
 */
function specOf(value, at) {
  return externalOf(value) ?? native.spec(packed(value, at));
}

/**
 * The same, but JSON of an object of parts: for a call of which nothing needs to be kept.
 *
 * @param {unknown} value
 * @param {string} at
 */
function keptOrPacked(value, at) {
  return externalOf(value) ?? packed(value, at);
}

/**
 * JSON of the parts of a spec.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {string}
 */
function packed(value, at) {
  const external = externalOf(value);
  if (external !== undefined) {
    return native.specParts(external);
  }
  const parts = [];
  for (const [part, quantity] of given.pairs(value, SPEC, at)) {
    if (quantity !== undefined) {
      parts.push([given.text(part, at), given.measured(quantity, `${at}.${part}`)]);
    }
  }
  return JSON.stringify(parts);
}

/**
 * Parts as an object. It has no prototype: each member is a part.
 *
 * @param {Iterable<[string, string]>} parts
 * @returns {Record<string, string>}
 */
function partsOf(parts) {
  const members = Object.create(null);
  for (const [part, quantity] of parts) {
    members[part] = quantity;
  }
  return members;
}

/**
 * @param {unknown} value
 * @param {string} at
 */
function truth(value, at) {
  return typeof value === 'boolean' ? value : given.refused(isNo(value, '`boolean`', ' `boolean`'), at);
}

module.exports = { Spec, keptOrPacked, packed, partsOf, specOf };
