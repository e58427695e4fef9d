// What a call from Node costs beside other libraries, or plain JavaScript, that do the same, in one run.
//
//     node benches/node/run.mjs [--quick] [--results FOLDER] [ROOM…]
//
// All ways are first compared: they have to give the same answer. Then they are timed in turns; the median of the rounds
// counts. With `--results` the figures are written as Criterion writes its own, where `cargo xtask bench` finds them.
//
// A room is a module beside this one whose `cases()` gives what is compared: a `name`, `ours`, and `peers` by their
// names, functions without arguments; and where there is a bar, `leastRatio`, which the fastest peer named in `bar` (all
// where it names none) is held to. `elements` is how many things one call is about.

import { isDeepStrictEqual, parseArgs } from 'node:util';
import { figuresOf, median, write } from './timing.mjs';

const ROOMS = ['pricing', 'ranges', 'bulk'];

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, results: { type: 'string' } },
  allowPositionals: true,
});
const effort = values.quick ? { rounds: 3, seconds: 0.05 } : { rounds: 15, seconds: 0.2 };

for (const room of positionals.length > 0 ? positionals : ROOMS) {
  const { cases } = await import(`./${room}.mjs`);
  for (const each of await cases()) {
    await measure(each);
  }
}

async function measure({ name, ours, peers, leastRatio, bar, elements }) {
  const answer = await ours();
  for (const [peer, call] of Object.entries(peers)) {
    if (!isDeepStrictEqual(answer, await call())) {
      throw new Error(`${name}: the answer of ${peer} is another`);
    }
  }
  const [mine, ...others] = await figuresOf([ours, ...Object.values(peers)], effort);
  keep(`node/${name}`, mine, elements);
  console.log(`${name}: ${shown(median(mine))}`);
  const ratios = Object.keys(peers).map((peer, place) => {
    const ratio = median(others[place]) / median(mine);
    keep(`node/${name}: ${peer}`, others[place], elements);
    console.log(`    ${peer.padEnd(36)} ${shown(median(others[place])).padStart(12)} ${ratio.toFixed(1).padStart(8)}×`);
    return { peer, ratio };
  });
  if (leastRatio !== undefined) {
    const held = ratios.filter(({ peer }) => bar === undefined || bar.includes(peer));
    const least = Math.min(...held.map(({ ratio }) => ratio));
    console.log(`    bar ≥ ${leastRatio}×: ${least >= leastRatio ? 'met' : 'MISSED'}`);
  }
}

function keep(name, figures, elements) {
  if (values.results !== undefined) {
    write(values.results, name, figures, elements);
  }
}

/** @param {number} nanoseconds */
function shown(nanoseconds) {
  const [amount, unit] =
    nanoseconds < 1e4 ? [nanoseconds, 'ns'] : nanoseconds < 1e7 ? [nanoseconds / 1e3, 'µs'] : [nanoseconds / 1e6, 'ms'];
  return `${amount.toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`;
}
