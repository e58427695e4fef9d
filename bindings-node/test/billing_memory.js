'use strict';

// A child of `billing_traps.test.js`: by how many bytes the process grows in many calls, of each kind of them.

const { Spec, Usage } = require('..');
const { CHARGE, DAY, ROUNDING, card, history, server, wallet } = require('./billing_world');

const [CALLS, SETTLED] = [100_000, 40_000];
const [how, life, purse, spec] = [{ rounding: ROUNDING }, history(), wallet(), server()];
const tariff = card().tariff('server', DAY.start);
const asked = { days: 2, rounding: ROUNDING };

const kinds = {
  'an inquiry': () => tariff.inquire(spec, asked).payable,
  'a spec and an inquiry': () => tariff.inquire({ cpu: '4 core', ram: '8 GiB' }, asked).payable,
  'a derivation': () => tariff.inquire(spec, asked).window,
  'a usage and its rating': () => tariff.rate(life.usage(DAY), how).payable,
  'segments and their rating': () => tariff.rate(life.segments(DAY), how).payable,
  'a counted usage': () => Usage.counted(DAY, { web: '1 count' }).parts,
  'a bucket': () => Spec.bucket(5).size,
  'a payment': () => purse.plan('123.45', CHARGE).legs.length,
  'an error': (place) => (place % 20 === 0 ? caught() : undefined),
};

function caught() {
  try {
    purse.plan('1000000', CHARGE);
  } catch (error) {
    return error.code;
  }
  return undefined;
}

/** Calls often, and lets what is left go. */
async function often(call, count) {
  for (let place = 0; place < count; place += 1) {
    call(place);
    if (place % 5_000 === 0) {
      // Externals are let go between turns of the loop.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function main() {
  const grown = {};
  for (const [name, call] of Object.entries(kinds)) {
    await often(call, SETTLED);
    const before = process.memoryUsage().rss;
    await often(call, CALLS);
    grown[name] = process.memoryUsage().rss - before;
  }
  console.log(JSON.stringify(grown));
}

main();
