'use strict';

// The arithmetic of a cloud portal: `evaluate`, and what is built on the same core.

const native = require('./native');
const { CounterfoilError } = require('./errors');
const given = require('./given');

/**
 * Calls an operation with JSON text, and gives JSON text: `{"ok": …}` or `{"error": …}`.
 *
 * @param {string} operation
 * @param {string} json
 */
function evaluate(operation, json) {
  return native.evaluate(given.text(operation, 'operation'), given.text(json, 'json'));
}

module.exports = { CounterfoilError, evaluate, operations: native.operations };
