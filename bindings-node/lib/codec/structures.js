'use strict';

// Shapes that are made of others.

const { Misfit, badInput, shown, unknownMember } = require('./misfit');
const { entries, isList, isObject, itemsOf, plain, quotedKey, told } = require('./plain');

/** @typedef {import('./shapes').Shape} Shape */
/** @typedef {import('./shapes').Member} Member */

/**
 * @param {Shape} of
 * @returns {Shape}
 */
function list(of) {
  return Object.freeze({
    write(value) {
      if (!isList(value)) {
        return plain(value);
      }
      return `[${Array.from(itemsOf(value), (item, place) => written(of, item ?? null, `[${place}]`)).join(',')}]`;
    },
    read: (json) => json.map((/** @type {unknown} */ item) => read(of, item)),
    inside: (key) => ({ name: key, shape: of }),
  });
}

/**
 * Members by keys that are not known before. In an answer they have no prototype: each is one that was answered.
 *
 * @param {Shape} of
 * @returns {Shape}
 */
function map(of) {
  return Object.freeze({
    write(given) {
      const value = told(given);
      if (!isObject(value)) {
        return plain(value);
      }
      const members = entries(value).filter(([, item]) => item !== undefined);
      return `{${members.map(([key, item]) => `${quotedKey(key)}:${written(of, item, key)}`).join(',')}}`;
    },
    read(json) {
      const members = Object.create(null);
      for (const [key, item] of Object.entries(json)) {
        members[key] = read(of, item);
      }
      return members;
    },
    inside: (key) => ({ name: key, shape: of }),
  });
}

/**
 * An object of known members, by their names on the wire.
 *
 * @param {Record<string, Shape>} shapes
 * @returns {Shape}
 */
function record(shapes) {
  const members = Object.entries(shapes).map(([wire, shape]) => ({ wire, name: camel(wire), shape }));
  const byName = new Map(members.map((member) => [member.name, member]));
  const byWire = new Map(members.map((member) => [member.wire, member]));
  return Object.freeze({
    write(given) {
      const value = told(given);
      if (!isObject(value)) {
        return plain(value);
      }
      const parts = [];
      for (const [name, item] of entries(value)) {
        const member = byName.get(name);
        if (member === undefined) {
          throw Misfit.within(unknownMember(name, byName.keys()), name);
        }
        if (item !== undefined) {
          parts.push(`"${member.wire}":${written(member.shape, item, name)}`);
        }
      }
      return `{${parts.join(',')}}`;
    },
    read(json) {
      /** @type {Record<string, unknown>} */
      const value = {};
      for (const { wire, name, shape } of members) {
        value[name] = read(shape, json[wire]);
      }
      return value;
    },
    inside: (key) => byWire.get(key),
  });
}

/**
 * A plain value, or an object of members.
 *
 * @param {Shape} value
 * @param {Shape} members
 * @returns {Shape}
 */
function either(value, members) {
  return Object.freeze({
    write: (given) => (isObject(given) ? members : value).write(given),
    read: (json) => (typeof json === 'object' ? members : value).read(json),
    inside: members.inside,
  });
}

/**
 * One of a closed set of words.
 *
 * @type {Shape}
 */
const word = Object.freeze({ write: (value) => plain(value), read: (json) => json });

/**
 * One of several, as `{ kind: 'coupon', coupon: 'C1' }`; those without a shape come alone, as `{ kind: 'balance' }`, and
 * may be passed as their text.
 *
 * @param {Record<string, Shape | null>} variants
 * @returns {Shape}
 */
function oneOf(variants) {
  const byName = new Map(Object.entries(variants).map(([wire, shape]) => [camel(wire), { wire, shape }]));
  const names = [...byName].filter(([, { shape }]) => shape !== null).map(([name]) => name);
  return Object.freeze({
    write(given) {
      const value = told(given);
      if (!isObject(value)) {
        return plain(value);
      }
      const members = entries(value).filter(([, item]) => item !== undefined);
      const kind = members.find(([name]) => name === 'kind')?.[1];
      const [only, ...more] = members.filter(([name]) => name !== 'kind');
      if (only === undefined && kind !== undefined) {
        return plain(kind);
      }
      const variant = byName.get(only?.[0] ?? '');
      if (variant === undefined || variant.shape === null || more.length > 0) {
        throw badInput(`exactly one of ${quoted(names)} is expected`, `应为 ${quoted(names)} 之一，且仅一个`);
      }
      if (kind !== undefined && kind !== variant.wire) {
        throw badInput(
          `\`kind\` is ${shown(kind)} beside \`${only[0]}\``,
          `\`kind\` 为 ${shown(kind, 'zh')}，与 \`${only[0]}\` 不符`,
        );
      }
      return `{"${variant.wire}":${written(variant.shape, only[1], only[0])}}`;
    },
    read(json) {
      if (typeof json === 'string') {
        return { kind: json };
      }
      const [[kind, item]] = Object.entries(json);
      return { kind, [camel(kind)]: read(variants[kind] ?? word, item) };
    },
    inside: (key) => (variants[key] ? { name: camel(key), shape: variants[key] } : undefined),
  });
}

/**
 * One of several that a member of an answer tells, beside which stand the members of that one alone:
 * `{ is: 'taint', key: 'gpu', value: '' }`.
 *
 * @param {string} tag
 * @param {Record<string, Shape>} variants
 * @returns {Shape}
 */
function tagged(tag, variants) {
  return {
    write({ [tag]: variant, ...members }) {
      const rest = variants[variant].write(members).slice(1);
      return `{"${tag}":${plain(variant)}${rest === '}' ? '' : ','}${rest}`;
    },
    read: (json) => ({ [tag]: json[tag], ...variants[json[tag]].read(json) }),
  };
}

/**
 * A shape's JSON, and the place of what is wrong in it.
 *
 * @param {Shape} shape
 * @param {unknown} value
 * @param {string} place
 */
function written(shape, value, place) {
  if (value === null) {
    return 'null';
  }
  try {
    return shape.write(value);
  } catch (fault) {
    throw Misfit.within(fault, place);
  }
}

/**
 * @param {Shape} shape
 * @param {unknown} json
 */
function read(shape, json) {
  return json === null || json === undefined ? null : shape.read(json);
}

/** @param {Iterable<string>} names */
function quoted(names) {
  return Array.from(names, (name) => `\`${name}\``).join(', ') || 'none';
}

/**
 * A name of the wire as JavaScript writes it.
 *
 * @param {string} wire
 */
function camel(wire) {
  return wire.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
}

module.exports = { camel, either, list, map, oneOf, record, tagged, word };
