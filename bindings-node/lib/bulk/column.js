'use strict';

const { inspect } = require('node:util');
const native = require('../native');

/** The typed arrays of whole numbers, by what the native module calls them. */
const ARRAYS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  decimal128: BigInt64Array,
  words: Int32Array,
};

/** A column of a table, read when it is asked for. */
class Column {
  #table;
  #place;
  #storage;
  /** @type {any} */
  #values;
  /** @type {Uint8Array | null | undefined} */
  #valid;
  /** @type {readonly string[] | null | undefined} */
  #words;

  /**
   * @param {import('../native').External<'Handle'>} table
   * @param {number} place
   * @param {{ name: string, type: string, metadata: Record<string, string> }} field
   * @param {number} length
   */
  constructor(table, place, { name, type, metadata }, length) {
    this.#table = table;
    this.#place = place;
    this.#storage = /** @type {keyof typeof ARRAYS} */ (native.columnStorage(table, place));
    // Microseconds are counted; amounts that are scaled say by how much.
    const isCount = metadata['counterfoil.unit'] === 'us';
    const scale = native.columnScale(table, place) ?? (isCount ? null : metadata['counterfoil.scale']);
    this.name = name;
    this.type = type;
    this.length = length;
    this.scale = scale === undefined || scale === null ? null : Number(scale);
    Object.freeze(this);
  }

  get values() {
    if (this.#values === undefined) {
      const read = this.#storage === 'words' ? native.columnCodes : native.columnValues;
      const { buffer, byteOffset, byteLength } = read(this.#table, this.#place);
      const Values = /** @type {any} */ (ARRAYS[this.#storage]);
      this.#values = new Values(buffer, byteOffset, byteLength / Values.BYTES_PER_ELEMENT);
    }
    return this.#values;
  }

  get valid() {
    if (this.#valid === undefined) {
      this.#valid = this.#storage === 'words' ? null : (native.columnValid(this.#table, this.#place) ?? null);
    }
    return this.#valid;
  }

  get words() {
    if (this.#words === undefined) {
      this.#words = this.#storage === 'words' ? Object.freeze(native.columnWords(this.#table, this.#place)) : null;
    }
    return this.#words;
  }

  /**
   * @param {number} row
   * @returns {string | bigint | null | undefined}
   */
  at(row) {
    const place = row < 0 ? row + this.length : row;
    if (!Number.isInteger(place) || place < 0 || place >= this.length) {
      return undefined;
    }
    if (this.valid?.[place] === 0) {
      return null;
    }
    switch (this.#storage) {
      case 'words':
        return this.words?.[this.values[place]] ?? null;
      case 'decimal128': {
        const [low, high] = this.values.subarray(2 * place, 2 * place + 2);
        return decimalText((high << 64n) | BigInt.asUintN(64, low), this.scale ?? 0);
      }
      default: {
        const number = BigInt(this.values[place]);
        return this.scale === null ? number : decimalText(number, this.scale);
      }
    }
  }

  *[Symbol.iterator]() {
    for (let row = 0; row < this.length; row += 1) {
      yield /** @type {string | bigint | null} */ (this.at(row));
    }
  }

  toJSON() {
    return Array.from(this, (value) => (typeof value === 'bigint' ? value.toString() : value));
  }

  [inspect.custom]() {
    return `Column ${this.name}: ${this.type}, ${this.length} rows`;
  }
}

/**
 * A whole number of the last digit, as text with its point.
 *
 * @param {bigint} number
 * @param {number} scale
 */
function decimalText(number, scale) {
  const digits = (number < 0n ? -number : number).toString().padStart(scale + 1, '0');
  const sign = number < 0n ? '-' : '';
  return scale <= 0
    ? `${sign}${digits}${'0'.repeat(-scale)}`
    : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

module.exports = { Column };
