'use strict';

const native = require('../native');
const given = require('../given');
const { INSPECT, MADE, checkMade, inspected, noHandle } = require('../handle');
const { madeHistory } = require('./history');
const { Spec, packed: packedSpec, partsOf } = require('./spec');
const { madeUsage } = require('./usage');

const ROWS = new Set(['created', 'start', 'deleted', 'mode', 'spec', 'archive']);
const ARCHIVE = new Set(['change', 'start', 'end', 'mode', 'spec']);

/** @type {(value: any) => any} */
let externalOf;

/** What a portal's tables say of a resource: the current row, and the rows of its archive. */
class PortalRows {
  #native;
  /** @type {any} */
  #told;

  static {
    externalOf = (value) => (typeof value === 'object' && value !== null && #native in value ? value.#native : undefined);
  }

  /**
   * @param {any} token
   * @param {any} made
   */
  constructor(token, made) {
    checkMade(token, PortalRows, 'PortalRows.server(rows)', 'PortalRows.disk(rows)');
    this.#native = made;
  }

  /** @param {any} rows */
  static server(rows) {
    return new PortalRows(MADE, native.portalRows(false, packed(rows)));
  }

  /** @param {any} rows */
  static disk(rows) {
    return new PortalRows(MADE, native.portalRows(true, packed(rows)));
  }

  #members() {
    this.#told ??= unpacked(JSON.parse(native.portalRowsTold(this.#native)));
    return this.#told;
  }

  get rowsOf() {
    return this.#members().rowsOf;
  }

  get created() {
    return this.#members().current.created;
  }

  get start() {
    return this.#members().current.start;
  }

  get deleted() {
    return this.#members().current.deleted;
  }

  get mode() {
    return this.#members().current.mode;
  }

  get spec() {
    return new Spec(this.#members().current.spec);
  }

  get archive() {
    return this.toJSON().archive;
  }

  /** @param {unknown} window */
  segments(window) {
    const [start, end] = given.period(window, 'window');
    const segments = native.portalRowsSegments(this.#native, start, end);
    return segments === null ? null : segments.map(madeUsage);
  }

  history() {
    return madeHistory(native.portalRowsHistory(this.#native));
  }

  /** @param {unknown} other */
  equals(other) {
    const external = externalOf(other);
    return external !== undefined && native.portalRowsEquals(this.#native, external);
  }

  toString() {
    const { rowsOf, current, archive } = this.#members();
    return `${rowsOf} of ${current.created} with ${archive.length} rows of its archive`;
  }

  toJSON() {
    const { rowsOf, current, archive } = this.#members();
    return { rowsOf, current: { ...current }, archive: archive.map((/** @type {object} */ row) => ({ ...row })) };
  }

  /** @param {any[]} asked */
  [INSPECT](...asked) {
    return inspected('PortalRows', this.toJSON(), asked);
  }
}

/**
 * JSON of the current row and of the archive.
 *
 * @param {any} rows
 */
function packed(rows) {
  const { created, start, deleted, mode, spec, archive } = given.members(rows, ROWS, 'rows');
  const head = JSON.stringify([
    given.instant(created, 'created'),
    given.instant(start, 'start'),
    given.optional(deleted, 'deleted', given.instant),
    given.text(mode, 'mode'),
  ]);
  const all = Array.from(given.optional(archive, 'archive', given.list) ?? [], packedRow);
  return `[[${head.slice(1, -1)},${packedSpec(spec, 'spec')}],[${all.join(',')}]]`;
}

/**
 * JSON of a row of the archive.
 *
 * @param {any} row
 * @param {number} place
 */
function packedRow(row, place) {
  const at = `archive[${place}]`;
  const { change, start, end, mode, spec } = given.members(row, ARCHIVE, at);
  const head = JSON.stringify([
    given.text(change, `${at}.change`),
    given.instant(start, `${at}.start`),
    given.instant(end, `${at}.end`),
  ]);
  const charged = JSON.stringify(given.optional(mode, `${at}.mode`, given.text));
  return `[${head.slice(1, -1)},${packedSpec(spec, `${at}.spec`)},${charged}]`;
}

/** @param {[string, [string, string, string | null, string, [string, string][]], any[]]} told */
function unpacked([rowsOf, [created, start, deleted, mode, parts], rows]) {
  const archive = rows.map(([change, from, end, of, charged]) => {
    return { change, start: from, end, mode: charged, spec: partsOf(of) };
  });
  return { rowsOf, current: { created, start, deleted, mode, spec: partsOf(parts) }, archive };
}

/**
 * The native rows of `PortalRows`.
 *
 * @param {unknown} value
 * @param {string} at
 */
function rowsOf(value, at) {
  return externalOf(value) ?? noHandle(value, 'PortalRows', at);
}

module.exports = { PortalRows, rowsOf };
