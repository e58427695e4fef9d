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
   * @param {string} [chinese] what is wrong, in Chinese
   */
  constructor(code, told, chinese = told) {
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
      native.fault(fault.code, fault.#at || 'the call', fault.told, fault.chinese);
    }
    throw fault;
  }
}

/**
 * What is wrong, in English and in Chinese.
 *
 * @param {string} fault
 * @param {string} chinese
 */
function badInput(fault, chinese) {
  return new Misfit('wire.bad_input', fault, chinese);
}

/**
 * A value is not what belongs in its place.
 *
 * @param {unknown} value
 * @param {string} expected what does, and what to pass
 * @param {string} chinese
 */
function isNo(value, expected, chinese) {
  return badInput(`${shown(value)} is no ${expected}`, `${shown(value, 'zh')} 不是${chinese}`);
}

/** A text is not Unicode. */
function halfPair() {
  return badInput('the text has half of a surrogate pair', '文本含有不成对的代理项');
}

/**
 * A member has a name that is not heard.
 *
 * @param {string} name
 * @param {Iterable<string>} names
 */
function unknownMember(name, names) {
  const known = Array.from(names, (each) => `\`${each}\``);
  return badInput(
    `unknown member \`${name}\`, expected ${known.join(', ') || 'none'}`,
    `未知成员 \`${name}\`，应为 ${known.join('、') || '空'}`,
  );
}

/** @param {unknown} value */
function outOfRange(value) {
  return badInput(`${shown(value)} is out of range`, `${shown(value, 'zh')} 超出范围`);
}

/**
 * A value as a message shows it.
 *
 * @param {unknown} value
 * @param {'en' | 'zh'} [language]
 */
function shown(value, language = 'en') {
  switch (typeof value) {
    case 'string':
      return `\`${value.length > 80 ? `${value.slice(0, 80)}…` : value}\``;
    case 'number':
      return `\`${Object.is(value, -0) ? '-0' : value}\``;
    case 'boolean':
    case 'undefined':
      return `\`${value}\``;
    case 'object':
      return value === null ? '`null`' : shownObject(value, language);
    case 'bigint':
      return `\`${value}\``;
    default:
      return language === 'zh' ? `\`${typeof value}\`` : `a ${typeof value}`;
  }
}

/**
 * @param {object} value
 * @param {'en' | 'zh'} language
 */
function shownObject(value, language) {
  const name = Object.getPrototypeOf(value)?.constructor?.name;
  const isNamed = typeof name === 'string' && name !== '';
  if (language === 'zh') {
    return isNamed ? `\`${name}\` 对象` : '无类对象';
  }
  return `an object of ${isNamed ? `\`${name}\`` : 'no class'}`;
}

module.exports = { Misfit, badInput, halfPair, isNo, outOfRange, shown, unknownMember };
