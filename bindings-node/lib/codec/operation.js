'use strict';

const native = require('../native');
const { Misfit, isNo } = require('./misfit');

/** @typedef {import('./shapes').Shape} Shape */

/**
 * The function of an operation: an object of its arguments in, its answer out.
 *
 * @param {string} name as `pricing.inquire`
 * @param {Shape} input
 * @param {Shape} answer
 */
function operation(name, input, answer) {
  const call = (/** @type {object} */ given = {}) => {
    const json = JSON.parse(native.call(name, argumentsOf(input, given)));
    return json === null ? null : answer.read(json);
  };
  return Object.freeze(Object.defineProperty(call, 'shapes', { value: Object.freeze({ input, answer }) }));
}

/**
 * JSON of the arguments.
 *
 * @param {Shape} input
 * @param {unknown} given
 */
function argumentsOf(input, given) {
  try {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw isNo(given, 'set of arguments: pass an object of them', '参数集合：请传入对象');
    }
    return input.write(given);
  } catch (fault) {
    return Misfit.throw(fault);
  }
}

module.exports = { argumentsOf, operation };
