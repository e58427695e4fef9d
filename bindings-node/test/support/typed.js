'use strict';

// What is passed over the wire as people pass it, and what they are given as the wire would have it.

const counterfoil = require('../..');
const { Written } = require('./vectors');

/**
 * The function of an operation.
 *
 * @param {string} op as `money.round_lines`
 */
function functionOf(op) {
  const [context, verb] = op.split('.');
  return counterfoil[context][verb.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase())];
}

/**
 * JSON of a call with the names of JavaScript. What no shape knows keeps its name.
 *
 * @param {import('../../lib/codec/shapes').Shape | undefined} shape
 * @param {any} json
 */
function asPassed(shape, json) {
  if (Array.isArray(json)) {
    return json.map((item, place) => asPassed(shape?.inside?.(String(place))?.shape, item));
  }
  if (typeof json !== 'object' || json === null) {
    return json;
  }
  if (json instanceof Written) {
    return json.value;
  }
  const members = Object.entries(json).map(([key, value]) => {
    const member = shape?.inside?.(key);
    return [member?.name ?? key, asPassed(member?.shape, value)];
  });
  return Object.fromEntries(members);
}

/** Whether two values of JSON are the same, where a member that is `null` may be missing. */
function isSame(told, expected) {
  if (Array.isArray(told) && Array.isArray(expected)) {
    return told.length === expected.length && told.every((item, place) => isSame(item, expected[place]));
  }
  if (told instanceof Written && expected instanceof Written) {
    return told.text === expected.text;
  }
  if (isObject(told) && isObject(expected)) {
    const keys = new Set([...Object.keys(told), ...Object.keys(expected)]);
    return [...keys].every((key) => isSame(told[key] ?? null, expected[key] ?? null));
  }
  return told === expected;
}

/** Whether there is a float in it that is a whole number to JavaScript, which does not know `1.0` from `1`. */
function hasWholeFloat(json) {
  if (json instanceof Written) {
    return Number.isInteger(json.value) && json.text.includes('.');
  }
  return isObject(json) && Object.values(json).some(hasWholeFloat);
}

function isObject(value) {
  return typeof value === 'object' && value !== null;
}

module.exports = { asPassed, functionOf, hasWholeFloat, isSame };
