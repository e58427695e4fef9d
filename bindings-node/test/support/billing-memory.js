'use strict';

// A child of `billing-traps.test.js`: by how many bytes the process grows in many calls, of each kind of them.

const { Spec, Usage } = require('../..');
const { CHARGE, DAY, ROUNDING, card, history, server, wallet } = require('./billing');

const [CALLS, SETTLED] = [100_000, 40_000];
const [how, life, purse, spec] = [{ rounding: ROUNDING }, history(), wallet(), server()];
const tariff = card().tariff('server', DAY.start);
const asked = { days: 2, rounding: ROUNDING };

/** What keeps nothing in Rust, and so needs no turn of the loop to let it go. */
const plain = {
  'an inquiry': () => tariff.inquire(spec, asked).payable,
  'an inquiry of parts': () => tariff.inquire({ cpu: '4 core', ram: '8 GiB' }, asked).payable,
  'a derivation': () => tariff.inquire(spec, asked).window,
  'a usage and its rating': () => tariff.rate(life.usage(DAY), how).payable,
  'a payment': () => purse.plan('123.45', CHARGE).legs.length,
  'an error': (/** @type {number} */ place) => (place % 20 === 0 ? caught() : undefined),
};

/** What makes handles, which are let go between turns of the loop. */
const handles = {
  'a usage that is read': () => life.usage(DAY).hours('cpu'),
  'segments and their rating': () => tariff.rate(life.segments(DAY), how).payable,
  'a counted usage': () => Usage.counted(DAY, { web: '1 count' }).parts,
  'a bucket': () => Spec.bucket(5).size,
};

function caught() {
  try {
    purse.plan('1000000', CHARGE);
  } catch (error) {
    return error.code;
  }
  return undefined;
}

/** Calls often, with turns of the loop between if they are asked for, and lets what is left go. */
async function often(call, count, turns) {
  for (let place = 0; place < count; place += 1) {
    call(place);
    if (turns && place % 5_000 === 0) {
      await turn();
    }
  }
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc();
    await turn();
  }
}

function turn() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

async function main() {
  const grown = {};
  for (const [kinds, turns] of [[plain, false], [handles, true]]) {
    for (const [name, call] of Object.entries(kinds)) {
      await often(call, SETTLED, turns);
      const before = process.memoryUsage().rss;
      // What is asked most, a million times.
      await often(call, name === 'an inquiry' ? 10 * CALLS : CALLS, turns);
      grown[name] = process.memoryUsage().rss - before;
    }
  }
  console.log(JSON.stringify(grown));
}

if (globalThis.gc !== undefined) {
  main();
}
