'use strict';

const SOURCE = Function.prototype.toString;

/**
 * What a method of an object answers; none where it is one of JavaScript itself, which refuses what has the prototype
 * of its class and is none of it, or memory that was transferred. What the method of somebody throws is thrown.
 *
 * @param {object} object
 * @param {Function} method
 * @returns {unknown}
 */
function asked(object, method) {
  try {
    return method.call(object);
  } catch (error) {
    if (SOURCE.call(method).endsWith('{ [native code] }')) {
      return undefined;
    }
    throw error;
  }
}

module.exports = { asked };
