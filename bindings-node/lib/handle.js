'use strict';

// What handles have in common.

const { badInput, isNo } = require('./codec/misfit');
const given = require('./given');

/** What only the library passes to a constructor: the handle is made of what the native module answered. */
const MADE = Symbol('made');

/**
 * Refuses to make by hand what the library makes.
 *
 * @param {unknown} token
 * @param {{ name: string }} kind its class
 * @param {string[]} makers how one comes by it
 */
function checkMade(token, kind, ...makers) {
  if (token !== MADE) {
    const { name } = kind;
    const calls = makers.map((maker) => `\`${maker}\``);
    const fault = `a \`${name}\` is made by ${calls.join(' or ')}`;
    given.refused(badInput(fault, `\`${name}\` 由 ${calls.join(' 或 ')} 创建`), name);
  }
}

/**
 * Refuses what is no handle of a kind.
 *
 * @param {unknown} value
 * @param {string} name
 * @param {string} at
 * @returns {never}
 */
function noHandle(value, name, at) {
  return given.refused(isNo(value, `\`${name}\``, ` \`${name}\``), at);
}

/**
 * A handle as `console.log` shows it.
 *
 * @param {string} name
 * @param {unknown} value
 * @param {any[]} asked depth, options and `inspect`, as Node passes them
 */
function inspected(name, value, [depth, options, inspect]) {
  return depth < 0 ? `[${name}]` : `${name} ${inspect(value, options)}`;
}

/** The method by which Node shows an object. */
const INSPECT = Symbol.for('nodejs.util.inspect.custom');

module.exports = { INSPECT, MADE, checkMade, inspected, noHandle };
