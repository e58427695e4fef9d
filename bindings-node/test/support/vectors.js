'use strict';

// The vectors of `tests/vectors`, the same files as in Rust and Python.

const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

const FOLDER = join(__dirname, '..', '..', '..', 'tests', 'vectors');

/** How many there are, as the runners of all languages hold. */
const COUNT = Number(readFileSync(join(FOLDER, 'count'), 'utf8'));

/** All files with what is in them, by their names as `money/round`. */
function files() {
  const data = join(FOLDER, 'data');
  return readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => ({ name: path.replace(/\.json$/, ''), vectors: parse(readFileSync(join(data, path), 'utf8')).vectors }));
}

/** A string, or a number: nothing else of JSON has digits. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** What no vector has as the only member of an object. */
const MARK = 'the number as it is written';

/** A number of JSON that a `number` does not hold as it is written: `1.0`, `-0`, `1e400`, 2⁶⁴. */
class Written {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  /** As people pass it who read it by `JSON.parse`, or as a `bigint` where it is large and whole. */
  get value() {
    return /^-?[1-9]\d*$/.test(this.text) ? BigInt(this.text) : Number(this.text);
  }
}

/** JSON in which numbers that would change are `Written`. */
function parse(text) {
  const marked = text.replace(TOKEN, (token) => {
    return token.startsWith('"') || isKept(token) ? token : `{"${MARK}":"${token}"}`;
  });
  return JSON.parse(marked, (_, value) => (value !== null && value[MARK] !== undefined ? new Written(value[MARK]) : value));
}

function isKept(token) {
  const number = Number(token);
  return String(number) === token && (!Number.isInteger(number) || Number.isSafeInteger(number));
}

/** The opposite. */
function stringify(value) {
  const marked = JSON.stringify(value, (_, item) => {
    const text = typeof item === 'bigint' ? String(item) : item instanceof Written ? item.text : undefined;
    return text === undefined ? item : { [MARK]: text };
  });
  return marked.replace(new RegExp(`\\{"${MARK}":"([^"]+)"\\}`, 'g'), '$1');
}

module.exports = { COUNT, Written, files, parse, stringify };
