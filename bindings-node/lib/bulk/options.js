'use strict';

// What is said of tables when a rater or statements are made, checked, and in values of JSON.

const { types } = require('node:util');
const given = require('../given');
const shapes = require('../codec/shapes');
const { badInput, isNo, shown, unknownMember } = require('../codec/misfit');
const { isObject } = require('../codec/plain');
const { RateCard } = require('../pricing/rate_card');
const { wireName } = require('./columns');

/** What may be said of the tables, and what is meant where it is not. */
const USUAL = { zone: 'UTC', spans: 'flat', quota: 'free', usage: 'none', money: 'scaled' };
const OPTIONS = ['quantities', 'rounding', 'window', 'at', 'kind', 'tariffs', 'mode', 'passed', ...Object.keys(USUAL)];
/** What quantities are, where something else is passed. */
const UNITS = ["object of units by columns, as `{ cpu: 'core' }`", "按列给出单位的对象，如 `{ cpu: 'core' }`"];
const TARIFF = new Set(['kind', 'at']);
const QUANTITY = ['unit', 'part', 'scale', 'constant'];

/**
 * Options of which there are these.
 *
 * @param {unknown} options
 * @param {readonly string[]} names
 * @returns {Record<string, any>}
 */
function known(options, names) {
  const said = given.pairs(options, ['set of options: pass an object of them', '选项集合：请传入对象'], 'options');
  const told = Object.fromEntries(said.filter(([, value]) => value !== undefined && value !== null));
  const unknown = Object.keys(told).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return given.refused(unknownMember(unknown, names), unknown);
  }
  return told;
}

/**
 * A rate card as text of TOML or JSON.
 *
 * @param {unknown} card
 */
function cardText(card) {
  if (typeof card === 'string') {
    return given.text(card, 'card');
  }
  const isHandle = card instanceof RateCard;
  if (!isHandle && !isObject(card)) {
    const chinese = '价目表：请传入句柄、其文本或其文档';
    return given.refused(isNo(card, 'rate card: pass a handle, its text, or its document', chinese), 'card');
  }
  try {
    return shapes.document.write(card);
  } catch (fault) {
    return given.refused(fault, 'card');
  }
}

/**
 * What is said of the tables, in values of JSON: a rater can be made of it again.
 *
 * @param {any} options
 */
function raterOptions(options) {
  const told = known(options, OPTIONS);
  const text = (/** @type {string} */ name) => given.text(told[name] ?? /** @type {any} */ (USUAL)[name], name);
  return {
    quantities: quantitiesOf(told.quantities),
    rounding: given.textLike(told.rounding, 'rounding'),
    ...(told.window !== undefined && { window: windowOf(told.window) }),
    ...(told.at !== undefined && { at: given.instant(told.at, 'at') }),
    ...(told.kind !== undefined && { kind: given.text(told.kind, 'kind') }),
    ...(told.tariffs !== undefined && { tariffs: tariffsOf(told.tariffs) }),
    ...(told.mode !== undefined && { mode: given.text(told.mode, 'mode') }),
    passed: namesOf(told.passed ?? []),
    zone: text('zone'),
    spans: text('spans'),
    quota: text('quota'),
    usage: text('usage'),
    money: text('money'),
  };
}

/** @param {unknown} quantities */
function quantitiesOf(quantities) {
  const units = given.pairs(quantities, UNITS, 'quantities');
  return Object.fromEntries(
    units.map(([name, what]) => [given.text(name, 'quantities'), quantityOf(what, `quantities.${name}`)]),
  );
}

/**
 * @param {any} what a unit, or an object of it
 * @param {string} at
 */
function quantityOf(what, at) {
  if (typeof what === 'string') {
    return { unit: given.text(what, at) };
  }
  const unknown = isObject(what) ? Object.keys(what).find((name) => !QUANTITY.includes(name)) : undefined;
  if (!isObject(what) || unknown !== undefined) {
    const names = QUANTITY.map((name) => `\`${name}\``).join(', ');
    const told = [`unit: pass text, or an object of ${names}`, `单位：请传入文本，或由 ${names} 组成的对象`];
    return given.refused(isNo(unknown ?? what, told[0], told[1]), at);
  }
  const { unit, part, scale, constant } = /** @type {Record<string, unknown>} */ (what);
  return {
    unit: given.text(unit, `${at}.unit`),
    ...(isSaid(part) && { part: given.text(part, `${at}.part`) }),
    ...(isSaid(scale) && { scale: atMost32(given.wholeNumber(scale, `${at}.scale`), `${at}.scale`) }),
    ...(isSaid(constant) && { constant: wholeText(constant, `${at}.constant`) }),
  };
}

/** @param {unknown} value */
function isSaid(value) {
  return value !== undefined && value !== null;
}

/**
 * @param {unknown} value
 * @param {string} at
 */
function wholeText(value, at) {
  return typeof value === 'bigint' || typeof value === 'string' ? `${value}` : `${given.wholeNumber(value, at)}`;
}

/** @param {any} window */
function windowOf(window) {
  if (Array.isArray(window) || isObject(window)) {
    const [start, end] = given.ends(window, 'window', given.instant);
    return { start, end };
  }
  if (types.isDate(window)) {
    return given.refused(badInput(
        'a `Date` is an instant: pass the day as text, or `{ start, end }`',
        '`Date` 是时刻：请以文本传入日期，或传入 `{ start, end }`',
      ), 'window');
  }
  return given.textLike(window, 'window');
}

/** @param {any} tariffs */
function tariffsOf(tariffs) {
  return Array.from(given.list(tariffs, 'tariffs'), (tariff, place) => {
    const at = `tariffs[${place}]`;
    if (!isObject(tariff)) {
      return given.refused(isNo(tariff, 'tariff: pass `{ kind, at }`', '费率：请传入 `{ kind, at }`'), at);
    }
    const { kind, at: instant } = given.members(tariff, TARIFF, at);
    return { kind: given.text(kind, `${at}.kind`), at: given.instant(instant, `${at}.at`) };
  });
}

/** @param {unknown} names */
function namesOf(names) {
  return Array.from(given.list(names, 'passed'), (name, place) => wireName(given.text(name, `passed[${place}]`)));
}

/** @param {unknown} row */
function placeOf(row) {
  return atMost32(given.wholeNumber(row, 'row'), 'row');
}

/**
 * A whole number that the native module takes as it is: others would wrap.
 *
 * @param {number} number
 * @param {string} at
 */
function atMost32(number, at) {
  if (number < 0 || number > 0xffff_ffff) {
    const chinese = `${shown(number)} 不在 0 至 2³² − 1 之内`;
    return given.refused(badInput(`${shown(number)} is not within 0 and 2³² − 1`, chinese), at);
  }
  return number;
}

module.exports = { atMost32, cardText, known, placeOf, raterOptions };
