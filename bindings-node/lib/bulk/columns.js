'use strict';

// Columns as people have them, described for the native module: which bytes they are, and as what they are read.

const { Misfit, badInput, halfPair, isNo } = require('../codec/misfit');
const { bytesOf } = require('../codec/bytes');
const { Column } = require('./column');
const { fromItems } = require('./items');

/** The end of a span that is open. */
const OPEN = 2n ** 63n - 1n;

/** How deep lists may stand in lists: those of spans are one deep. */
const DEEPEST = 16;
/** Columns of instants, as microseconds since 1970. */
const INSTANTS = new Set(['start', 'end', 'window_start', 'window_end']);
/** Columns of days, as days since 1970. */
const DAYS = new Set(['day']);
/** Names of the tables in Arrow, as JavaScript writes them. */
const WIRE = new Map([
  ['windowStart', 'window_start'],
  ['windowEnd', 'window_end'],
  ['payableMicros', 'payable_micros'],
]);

/** The kinds of typed arrays, by their class. */
const KINDS = new Map(
  ['Int8', 'Int16', 'Int32', 'Uint8', 'Uint16', 'Uint32'].map((kind) => [`${kind}Array`, kind.toLowerCase()]),
)
  .set('BigInt64Array', 'int64')
  .set('BigUint64Array', 'uint64');
const FLOATS = new Set(['Float16Array', 'Float32Array', 'Float64Array']);

/** The class of a typed array of any realm; none of anything else. */
const classOf = /** @type {(value: unknown) => string | undefined} */ (
  Function.prototype.call.bind(
    /** @type {any} */ (
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
    ).get,
  )
);

/**
 * A description of columns, and the bytes that it speaks of.
 *
 * @param {object} columns
 * @returns {{ described: string, bytes: Uint8Array[] }}
 */
function describe(columns) {
  /** @type {Uint8Array[]} */
  const bytes = [];
  try {
    return { described: JSON.stringify(level(columns, bytes, 0).described), bytes };
  } catch (fault) {
    return Misfit.throw(Misfit.within(fault, 'table'));
  }
}

/**
 * The columns of one level: of rows, or of the spans in them.
 *
 * @param {object} columns
 * @param {Uint8Array[]} bytes
 * @param {number} depth
 */
function level(columns, bytes, depth) {
  if (depth > DEEPEST) {
    throw badInput(`it is nested deeper than ${DEEPEST}, or holds itself`, `嵌套超过 ${DEEPEST} 层，或包含其自身`);
  }
  /** @type {{ name: string, length: number }[]} */
  const lengths = [];
  const described = [];
  let opens = false;
  for (const [given, value] of Object.entries(columns)) {
    const name = wireName(given);
    if (value === undefined) {
      continue;
    }
    if (value === null && name === 'end') {
      opens = true;
      continue;
    }
    try {
      const { length, ...column } = columnOf(name, value, bytes, depth);
      if (lengths.length > 0 && lengths[0].length !== length) {
        throw badInput(
          `it has ${length} rows, and \`${lengths[0].name}\` has ${lengths[0].length}`,
          `它有 ${length} 行，而 \`${lengths[0].name}\` 有 ${lengths[0].length} 行`,
        );
      }
      lengths.push({ name: given, length });
      described.push({ name, ...column });
    } catch (fault) {
      throw Misfit.within(fault, given);
    }
  }
  const length = lengths[0]?.length ?? 0;
  if (opens) {
    const values = place(bytes, new BigInt64Array(length).fill(OPEN));
    described.push({ name: 'end', numbers: 'instant', values });
  }
  return { described, length };
}

/**
 * @param {string} name
 * @param {any} given
 * @param {Uint8Array[]} bytes
 * @param {number} depth
 * @returns {{ length: number, [member: string]: unknown }}
 */
function columnOf(name, given, bytes, depth) {
  if (typeof given !== 'object' || given === null) {
    throw isNo(given, 'column: pass a typed array, or an array of values', '列：请传入类型化数组或值的数组');
  }
  if (classOf(given) !== undefined) {
    return numbers(name, given, undefined, bytes);
  }
  if (Array.isArray(given)) {
    return columnOf(name, fromItems(name, given, INSTANTS.has(name)), bytes, depth);
  }
  if (given instanceof Column) {
    return ofColumn(name, given, bytes);
  }
  if ('words' in given) {
    return words(given, bytes);
  }
  if ('offsets' in given) {
    return lists(given, bytes, depth);
  }
  if ('values' in given && classOf(given.values) !== undefined) {
    return numbers(name, given.values, given.valid, bytes);
  }
  throw isNo(
    given,
    'column: pass a typed array, an array of values, or `{ codes, words }`',
    '列：请传入类型化数组、值的数组或 `{ codes, words }`',
  );
}

/**
 * A column that came out.
 *
 * @param {string} name
 * @param {InstanceType<typeof Column>} column
 * @param {Uint8Array[]} bytes
 */
function ofColumn(name, column, bytes) {
  const { type, values, valid } = column;
  if (type.startsWith('Decimal')) {
    throw badInput(`a column of \`${type}\` is passed as Arrow IPC`, `\`${type}\` 列请以 Arrow IPC 传入`);
  }
  return column.words === null
    ? numbers(name, values, valid, bytes)
    : words({ codes: values, words: column.words }, bytes);
}

/**
 * @param {string} name
 * @param {any} values a typed array
 * @param {unknown} valid
 * @param {Uint8Array[]} bytes
 */
function numbers(name, values, valid, bytes) {
  const kind = classOf(values) ?? '';
  if (FLOATS.has(kind)) {
    return { length: values.length, floats: kind };
  }
  const plain = KINDS.get(kind);
  if (plain === undefined) {
    throw isNo(values, 'column of whole numbers', '整数列');
  }
  const isInstant = plain === 'int64' && INSTANTS.has(name);
  const kindOf = isInstant ? 'instant' : plain === 'int32' && DAYS.has(name) ? 'date' : plain;
  return {
    length: values.length,
    numbers: kindOf,
    values: place(bytes, values),
    ...validity(valid, values.length, bytes),
  };
}

/**
 * @param {{ codes?: any, words?: any, valid?: unknown }} given
 * @param {Uint8Array[]} bytes
 */
function words({ codes, words, valid }, bytes) {
  const numbers = KINDS.get(classOf(codes) ?? '');
  if (numbers === undefined) {
    throw Misfit.within(isNo(codes, 'typed array of whole numbers', '整数的类型化数组'), 'codes');
  }
  if (!Array.isArray(words)) {
    throw Misfit.within(isNo(words, 'array of texts', '文本数组'), 'words');
  }
  words.forEach((word, index) => {
    if (typeof word !== 'string' || !word.isWellFormed()) {
      throw Misfit.within(typeof word === 'string' ? halfPair() : isNo(word, 'text', '文本'), `words[${index}]`);
    }
  });
  return { length: codes.length, codes: place(bytes, codes), numbers, words, ...validity(valid, codes.length, bytes) };
}

/**
 * @param {{ offsets?: any, spans?: any, valid?: unknown }} given
 * @param {Uint8Array[]} bytes
 * @param {number} depth
 */
function lists({ offsets, spans, valid }, bytes, depth) {
  if (classOf(offsets) !== 'Int32Array' || offsets.length === 0) {
    throw Misfit.within(
      isNo(offsets, '`Int32Array` of one offset more than there are rows', '比行数多一个偏移量的 `Int32Array`'),
      'offsets',
    );
  }
  if (typeof spans !== 'object' || spans === null) {
    throw Misfit.within(isNo(spans, 'object of columns', '由列组成的对象'), 'spans');
  }
  const { described } = level(spans, bytes, depth + 1);
  const length = offsets.length - 1;
  return { length, offsets: place(bytes, offsets), items: described, ...validity(valid, length, bytes) };
}

/**
 * @param {unknown} valid
 * @param {number} length
 * @param {Uint8Array[]} bytes
 */
function validity(valid, length, bytes) {
  if (valid === undefined || valid === null) {
    return {};
  }
  if (classOf(valid) !== 'Uint8Array' || /** @type {Uint8Array} */ (valid).length !== length) {
    const chinese = `每行一个字节、共 ${length} 行的 \`Uint8Array\``;
    throw Misfit.within(isNo(valid, `\`Uint8Array\` of a byte for each of ${length} rows`, chinese), 'valid');
  }
  return { valid: place(bytes, valid) };
}

/**
 * The place of an array's bytes among all.
 *
 * @param {Uint8Array[]} bytes
 * @param {any} array
 */
function place(bytes, array) {
  return bytes.push(bytesOf(array)) - 1;
}

/**
 * The name of a column in Arrow.
 *
 * @param {string} name
 */
function wireName(name) {
  return WIRE.get(name) ?? name;
}

module.exports = { OPEN, WIRE, classOf, describe, wireName };
