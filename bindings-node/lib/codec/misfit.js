'use strict';

const native = require('../native');

/**
 * What is found here; all else is the core's to find.
 *
 * @typedef {'wire.bad_input' | 'money.float' | 'money.not_text' | 'money.too_many_digits' | 'time.out_of_range'
 *   | 'arrow.repeated_column'} Code
 */

/**
 * A value that can not be passed on as it is. On its way out of what holds it, it learns its place.
 */
class Misfit {
  #at = '';

  /**
   * @param {Code} code
   * @param {string} told what is wrong, or the text of what stands there, by the code
   * @param {string} [chinese] what is wrong in Chinese
   */
  constructor(code, told, chinese) {
    this.code = code;
    this.told = told;
    this.chinese = chinese;
  }

  /**
   * The fault of a member, or of an item as `[3]`.
   *
   * @param {unknown} fault
   * @param {string} member
   */
  static within(fault, member) {
    if (fault instanceof Misfit) {
      fault.#at = fault.#at === '' || fault.#at.startsWith('[') ? member + fault.#at : `${member}.${fault.#at}`;
    }
    return fault;
  }

  /**
   * Throws a fault as what people catch.
   *
   * @param {unknown} fault
   * @returns {never}
   */
  static throw(fault) {
    if (fault instanceof Misfit) {
      native.fault(fault.code, fault.#at || 'the call', fault.told, fault.chinese ?? fault.told);
    }
    throw fault;
  }
}

/**
 * @param {string} fault
 * @param {string} [chinese] the same in Chinese
 */
function badInput(fault, chinese) {
  return new Misfit('wire.bad_input', fault, chinese);
}

/**
 * A value as a message shows it.
 *
 * @param {unknown} value
 */
function shown(value) {
  switch (typeof value) {
    case 'string':
      return `\`${value.length > 80 ? `${value.slice(0, 80)}…` : value}\``;
    case 'number':
      return `\`${Object.is(value, -0) ? '-0' : value}\``;
    case 'boolean':
    case 'undefined':
      return `\`${value}\``;
    case 'object':
      return value === null ? '`null`' : `an object of \`${classOf(value)}\``;
    default:
      return `a ${typeof value}`;
  }
}

/** @param {object} value */
function classOf(value) {
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'no class';
}

module.exports = { Misfit, badInput, shown };
