'use strict';

// Answers the cases of `cargo xtask conformance`: by JSON text, and by the function of each operation.
//
//     conformance.js CASES ANSWERS VERDICTS PART PARTS
//
// To each case of its part, a line of each file: the answer by text; and `same`, where the function gave the same value or
// the same error, `different: …`, or what of the case a program can not pass, if it was refused so.

const fs = require('node:fs');
const counterfoil = require('..');
const { asPassed, functionOf, isSame } = require('./support/typed');
const { Written, parse, stringify } = require('./support/vectors');

const OPERATIONS = new Set(counterfoil.operations());
/** As the codec of the package has it. */
const DEEPEST = 64;
/** What is shown each time that so many cases are done. */
const STEP = 500;

/** What can be passed and may be refused before it is JSON, and the codes for it. */
const REFUSED_AS = {
  'a float': ['money.float', 'wire.bad_input'],
  'a zero with a sign': ['money.float', 'wire.bad_input'],
  'values nested too deep': ['wire.bad_input'],
};

/** A text, a number, or what tells objects apart. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|[{}[\]:]/g;

/** A case that no program could pass, and the codes with which text is then answered; no codes for any error. */
class NotPassed {
  constructor(reason, ...codes) {
    this.reason = reason;
    this.codes = codes;
  }
}

/**
 * What of a call is refused before it is JSON.
 *
 * @param {string} json that is JSON
 * @returns {Set<string>}
 * @throws {NotPassed} where JavaScript reads it as another call
 */
function refusedOf(json) {
  const refused = new Set();
  const open = [];
  let last = '';
  for (const [token] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(new Set());
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ':') {
      const [names, name] = [open.at(-1), JSON.parse(last)];
      if (names.has(name)) {
        throw new NotPassed('a member twice');
      }
      names.add(name);
    } else if (!token.startsWith('"')) {
      ofNumber(token, refused);
    }
    if (open.length > DEEPEST) {
      refused.add('values nested too deep');
    }
    last = token;
  }
  return refused;
}

/**
 * @param {string} token
 * @param {Set<string>} refused
 */
function ofNumber(token, refused) {
  if (token === '-0') {
    refused.add('a zero with a sign');
  } else if (/[.eE]/.test(token)) {
    if (Number.isSafeInteger(Number(token))) {
      throw new NotPassed('a float that is read as a whole number');
    }
    refused.add('a float');
  }
}

/**
 * What the function of an operation makes of a call, beside the answer to the same as text.
 *
 * @param {string} op
 * @param {string} input
 * @param {any} answer
 */
function verdict(op, input, answer) {
  const code = answer.error?.code;
  try {
    return byFunction(op, input, answer);
  } catch (fault) {
    if (!(fault instanceof NotPassed)) {
      throw fault;
    }
    const { reason, codes } = fault;
    const isRefused = codes.length > 0 ? codes.includes(code) : code !== undefined;
    return isRefused ? reason : `different: ${reason}, but the answer is ${code}`;
  }
}

function byFunction(op, input, answer) {
  const code = answer.error?.code;
  if (code === 'wire.too_long') {
    throw new NotPassed('more bytes than an input may have', code); // by spaces, which values have not
  }
  if (!OPERATIONS.has(op)) {
    // `operations` lists them, with whatever answer.
    throw new NotPassed('no operation with a function', op === 'operations' ? code : 'wire.unknown_operation');
  }
  const refused = refusedOf(isJson(input));
  const members = parse(input);
  if (typeof members !== 'object' || members === null || Array.isArray(members)) {
    throw new NotPassed('no object', 'wire.bad_input');
  }
  if (code === 'money.not_text' && hasBigint(members)) {
    throw new NotPassed('a `bigint`, which is as exact as text', code);
  }
  const operation = functionOf(op);
  let told;
  try {
    told = operation(asPassed(operation.shapes.input, members));
  } catch (error) {
    return onError(error, refused, answer);
  }
  const written = told === null ? null : parse(operation.shapes.answer.write(told));
  if (refused.size > 0) {
    return `different: ${[...refused]}, but an answer ${stringify(written)}`;
  }
  return 'ok' in answer && isSame(written, answer.ok) ? 'same' : `different: ${stringify(written)}`;
}

/** Whether there is a whole number in it that is passed as a `bigint`. */
function hasBigint(json) {
  if (json instanceof Written) {
    return typeof json.value === 'bigint';
  }
  return typeof json === 'object' && json !== null && Object.values(json).some(hasBigint);
}

/** @param {string} text */
function isJson(text) {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new NotPassed('no JSON', 'wire.bad_input');
  }
}

/**
 * @param {unknown} error
 * @param {Set<string>} refused
 * @param {any} answer
 */
function onError(error, refused, answer) {
  if (!(error instanceof counterfoil.CounterfoilError)) {
    throw error;
  }
  const expected = answer.error;
  if (refused.size > 0) {
    // What the codec lets through, the core refuses by itself.
    const codes = [expected?.code, ...[...refused].flatMap((reason) => REFUSED_AS[reason])];
    const isRefused = expected !== undefined && codes.includes(error.code);
    return isRefused ? [...refused].sort()[0] : `different: ${JSON.stringify(error)}`;
  }
  if (error.code !== expected?.code) {
    return `different: ${JSON.stringify(error)}`;
  }
  // What has another shape is told with a place in the text of JSON.
  const isToldAlike = error.code === 'wire.bad_input' || isSame({ ...error.details }, expected.details);
  return isToldAlike ? 'same' : `different: ${JSON.stringify(error)}`;
}

/**
 * The answer by text, and the verdict on the function.
 *
 * @param {{ op: string, input: string }} call
 */
function answered({ op, input }) {
  let answer;
  try {
    answer = counterfoil.evaluate(op, input);
  } catch (error) {
    return [`thrown: ${error}`, 'different: no answer by text'];
  }
  try {
    return [answer, verdict(op, input, parse(answer))];
  } catch (error) {
    return [answer, `different: thrown ${error?.stack ?? error}`];
  }
}

/**
 * @param {string} cases
 * @param {string} answers
 * @param {string} verdicts
 * @param {string} part
 * @param {string} parts
 */
function main(cases, answers, verdicts, part, parts) {
  const [told, judged] = [fs.openSync(answers, 'w'), fs.openSync(verdicts, 'w')];
  const lines = fs.readFileSync(cases, 'latin1').split('\n').filter(Boolean);
  let done = 0;
  for (let place = Number(part); place < lines.length; place += Number(parts)) {
    const [answer, word] = answered(JSON.parse(lines[place]));
    fs.writeSync(told, `${answer}\n`);
    fs.writeSync(judged, `${word.replaceAll('\n', ' ')}\n`);
    done += 1;
    if (done === STEP) {
      console.log(done);
      done = 0;
    }
  }
  console.log(done);
}

// Without arguments it does nothing: `node --test` runs every file of this folder.
if (process.argv.length > 2) {
  main(...process.argv.slice(2));
}
