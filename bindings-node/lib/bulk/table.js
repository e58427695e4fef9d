'use strict';

const { inspect, types } = require('node:util');
const native = require('../native');
const given = require('../given');
const { badInput, shown } = require('../codec/misfit');
const { isObject } = require('../codec/plain');
const { WIRE, classOf, describe, wireName } = require('./columns');
const { Column } = require('./column');

/** @typedef {InstanceType<typeof Column>} ColumnOf */
/** @typedef {{ name: string, type: string, metadata: Record<string, string> }} Field */

/** How many rows are shown. */
const SHOWN = 10;
/** Names of results, as JavaScript writes them. */
const NAMES = new Map(Array.from(WIRE, ([name, wire]) => [wire, name]));

/** A table that the native module has. */
class Held {
  /** @param {import('../native').External<'Handle'>} table */
  constructor(table) {
    this.table = table;
  }
}

/** Rows of named columns, kept in Rust. */
class Table {
  #native;
  /** @type {readonly Field[] | undefined} */
  #schema;
  /** @type {Map<string, ColumnOf>} */
  #columns = new Map();

  /** @param {unknown} from columns, or bytes of Arrow IPC */
  constructor(from) {
    this.#native = from instanceof Held ? from.table : read(from, true);
  }

  /**
   * A table as the native module takes it: a `Table`, or what one is made of.
   *
   * @param {unknown} from
   */
  static nativeOf(from) {
    return Table.passed(from).table;
  }

  /**
   * A table as a run takes it. A copy that is made for the run is not kept: its memory is used again at the end of it.
   *
   * @param {unknown} from
   */
  static passed(from) {
    const isKept = typeof from === 'object' && from !== null && #native in from;
    return { isKept, table: isKept ? from.#native : read(from, false) };
  }

  get length() {
    return native.tableRows(this.#native);
  }

  /** @returns {readonly Field[]} */
  get schema() {
    return (this.#schema ??= JSON.parse(native.tableSchema(this.#native), (_, value) => Object.freeze(value)));
  }

  /** @param {string} name */
  has(name) {
    return this.schema.some((field) => field.name === wireName(name));
  }

  /** @param {string} name */
  column(name) {
    const wire = wireName(given.text(name, 'column'));
    const known = this.#columns.get(wire);
    if (known !== undefined) {
      return known;
    }
    const place = this.schema.findIndex((field) => field.name === wire);
    if (place === -1) {
      const names = this.schema.map((field) => `\`${field.name}\``).join(', ');
      return given.refused(badInput(`there is no column ${shown(name)}: there are ${names || 'none'}`), 'column');
    }
    const column = new Column(this.#native, place, this.schema[place], this.length);
    this.#columns.set(wire, column);
    return column;
  }

  /** @param {number} row */
  at(row) {
    const place = row < 0 ? row + this.length : row;
    return Number.isInteger(place) && place >= 0 && place < this.length ? this.#row(place) : undefined;
  }

  *[Symbol.iterator]() {
    const { length } = this;
    for (let row = 0; row < length; row += 1) {
      yield this.#row(row);
    }
  }

  toIPC() {
    const { buffer, byteOffset, byteLength } = native.tableToIpc(this.#native);
    return Buffer.from(buffer, byteOffset, byteLength);
  }

  toJSON() {
    return Array.from(this, (row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? `${value}` : value]),
      ),
    );
  }

  toString() {
    const names = this.schema.map(({ name }) => NAMES.get(name) ?? name);
    const rows = Array.from({ length: Math.min(SHOWN, this.length) }, (_, row) =>
      Object.values(this.#row(row)).map(String),
    );
    const widths = names.map((_, place) => Math.max(...[names, ...rows].map((row) => row[place].length)));
    const lines = [names, ...rows].map((row) =>
      row
        .map((cell, place) => cell.padEnd(widths[place]))
        .join(' | ')
        .trimEnd(),
    );
    const left = this.length - rows.length;
    return [...lines, ...(left > 0 ? [`… ${left} more rows`] : [])].join('\n');
  }

  [inspect.custom]() {
    return `${this.constructor.name} of ${this.length} rows\n${this}`;
  }

  /** @param {number} row */
  #row(row) {
    return Object.fromEntries(
      this.schema.map(({ name }) => [NAMES.get(name) ?? name, this.column(name).at(row) ?? null]),
    );
  }
}

/**
 * The faulty rows of what came out, and their codes.
 *
 * @param {unknown} table
 */
function faults(table) {
  return new Table(new Held(native.tableFaults(Table.nativeOf(table))));
}

/**
 * @param {unknown} from
 * @param {boolean} isKept
 * @returns {import('../native').External<'Handle'>}
 */
function read(from, isKept) {
  if (types.isAnyArrayBuffer(from)) {
    return read(new Uint8Array(from), isKept);
  }
  if (classOf(from) === 'Uint8Array') {
    const bytes = /** @type {Uint8Array} */ (from);
    return native.tableOfIpc(types.isSharedArrayBuffer(bytes.buffer) ? bytes.slice() : bytes, isKept);
  }
  if (!isObject(from) || types.isMap(from) || ArrayBuffer.isView(from)) {
    return given.refused(
      badInput(`${shown(from)} is no table: pass columns by their names, or bytes of Arrow IPC`),
      'table',
    );
  }
  const { described, bytes } = describe(from);
  return native.tableOfColumns(described, bytes, isKept);
}

module.exports = { Column, Held, Table, faults };
