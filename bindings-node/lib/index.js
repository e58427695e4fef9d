'use strict';

// The arithmetic of a cloud portal: metering, pricing, coupons and balance, statements, address ranges, placement.
//
// - Operations, for everything: an object for each context, as `pricing`; its functions take an object of arguments.
// - Handles, for what is asked often.

const native = require('./native');
const { CounterfoilError } = require('./errors');
const given = require('./given');
const ranges = require('./ipam');

/**
 * Calls an operation with JSON text, and gives JSON text: `{"ok": …}` or `{"error": …}`.
 *
 * @param {string} operation
 * @param {string} json
 */
function evaluate(operation, json) {
  return native.evaluate(given.text(operation, 'operation'), given.text(json, 'json'));
}

module.exports = { CounterfoilError, evaluate, operations: native.operations, ...ranges };

/** The operations of a context are loaded when they are first asked for, so that the package loads quickly. */
const CONTEXTS = ['ipam', 'metering', 'money', 'order', 'placement', 'pricing', 'statement', 'time', 'units', 'wallet'];

for (const context of CONTEXTS) {
  Object.defineProperty(module.exports, context, { enumerable: true, configurable: true, get: () => functionsOf(context) });
}

/** So are handles that stand on them. */
const HANDLES = {
  bulk: () => Object.freeze(require('./bulk')),
  History: () => require('./metering/history').History,
  Plan: () => require('./wallet/plan').Plan,
  PortalRows: () => require('./metering/portal_rows').PortalRows,
  Quote: () => require('./pricing/quote').Quote,
  RateCard: () => require('./pricing/rate_card').RateCard,
  Rated: () => require('./pricing/rated').Rated,
  Snapshot: () => require('./placement/snapshot').Snapshot,
  Span: () => require('./metering/span').Span,
  Spec: () => require('./metering/spec').Spec,
  Tariff: () => require('./pricing/tariff').Tariff,
  Usage: () => require('./metering/usage').Usage,
  Wallet: () => require('./wallet/wallet').Wallet,
};

for (const [name, handle] of Object.entries(HANDLES)) {
  Object.defineProperty(module.exports, name, { enumerable: true, configurable: true, get: () => handleOf(name, handle) });
}

/**
 * @param {string} name
 * @param {() => unknown} handle
 */
function handleOf(name, handle) {
  const value = handle();
  Object.defineProperty(module.exports, name, { enumerable: true, value });
  return value;
}

/** @param {string} context */
function functionsOf(context) {
  const { shapes, ...functions } = require(`./operations/${context}`);
  Object.defineProperty(module.exports, context, { enumerable: true, value: Object.freeze(functions) });
  return functions;
}
