'use strict';

// Arguments of handles: checked here, and passed on as texts and numbers. Each says the place of what is wrong.

const { Misfit, badInput, shown } = require('./codec/misfit');
const { instantText, plainDecimal, textOf } = require('./codec/exact');

/**
 * Text that is Unicode: half of a surrogate pair would be another character in Rust.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {string}
 */
function text(value, at) {
  if (typeof value !== 'string') {
    return refused(badInput(`${shown(value)} is no text`), at);
  }
  if (!value.isWellFormed()) {
    return refused(badInput('the text has half of a surrogate pair'), at);
  }
  return value;
}

/**
 * Text, or an object that is written as its text: money, a quantity, a range.
 *
 * @param {unknown} value
 * @param {string} at
 */
function textLike(value, at) {
  return text(typeof value === 'string' ? value : (textOf(value) ?? value), at);
}

/**
 * An exact decimal as text: text, a `bigint`, or an object whose text is one.
 *
 * @param {unknown} value
 * @param {string} at
 */
function decimal(value, at) {
  switch (typeof value) {
    case 'bigint':
      return value.toString();
    case 'number':
      return refused(new Misfit(Number.isSafeInteger(value) ? 'money.not_text' : 'money.float', String(value)), at);
    default:
      try {
        return text(typeof value === 'string' ? value : plainDecimal(textOf(value) ?? text(value, at)), at);
      } catch (fault) {
        return refused(fault, at);
      }
  }
}

/**
 * An instant as text of RFC 3339.
 *
 * @param {unknown} value
 * @param {string} at
 */
function instant(value, at) {
  try {
    return text(typeof value === 'object' && value !== null ? instantText(value) : value, at);
  } catch (fault) {
    return refused(fault, at);
  }
}

/**
 * A whole number that a `number` holds: a count, a length, an index.
 *
 * @param {unknown} value
 * @param {string} at
 * @returns {number}
 */
function wholeNumber(value, at) {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || Object.is(number, -0)) {
    return refused(badInput(`${shown(value)} is no whole number that is exact`), at);
  }
  return number;
}

/**
 * The options of a call. One that there is not would be passed over in silence.
 *
 * @param {unknown} options
 * @param {string[]} names
 * @returns {Record<string, unknown>}
 */
function options(options, names) {
  if (options === undefined || options === null) {
    return {};
  }
  if (typeof options !== 'object' || Symbol.iterator in options || textOf(options) !== undefined) {
    return refused(badInput(`${shown(options)} is no object of options`), 'options');
  }
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      const known = names.map((each) => `\`${each}\``).join(', ');
      return refused(badInput(`unknown member \`${name}\`, expected ${known}`), `options.${name}`);
    }
  }
  return /** @type {Record<string, unknown>} */ (options);
}

/**
 * @param {unknown} fault
 * @param {string} at
 * @returns {never}
 */
function refused(fault, at) {
  return Misfit.throw(Misfit.within(fault, at));
}

module.exports = { decimal, instant, options, refused, text, textLike, wholeNumber };
