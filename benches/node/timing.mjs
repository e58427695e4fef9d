// How calls are timed, and how their figures are kept.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a call gave last, so that it is not left out as useless. */
export let kept;

/**
 * Nanoseconds of one call, of so many. A call that gives a promise is awaited before the next.
 *
 * @param {() => unknown} call
 * @param {number} count
 */
export async function timed(call, count) {
  const before = process.hrtime.bigint();
  for (let left = count; left > 0; left -= 1) {
    kept = call();
    if (kept instanceof Promise) {
      kept = await kept;
    }
  }
  return Number(process.hrtime.bigint() - before) / count;
}

/**
 * How often it can be called in so many seconds, once it is compiled.
 *
 * @param {() => unknown} call
 * @param {number} seconds
 */
export async function countFor(call, seconds) {
  let count = 1;
  for (;;) {
    const once = await timed(call, count);
    const fit = (seconds * 1e9) / once;
    if (fit <= count * 4) {
      return Math.max(1, Math.floor(fit));
    }
    count *= 4;
  }
}

/**
 * Nanoseconds of each of several calls, of each round. They are timed in turns, so that what else runs on the machine
 * meets all of them.
 *
 * @param {(() => unknown)[]} calls
 * @param {{ rounds: number, seconds: number }} effort
 * @returns {Promise<number[][]>}
 */
export async function figuresOf(calls, { rounds, seconds }) {
  const counts = [];
  for (const call of calls) {
    counts.push(await countFor(call, seconds));
  }
  const figures = calls.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, call] of calls.entries()) {
      figures[place].push(await timed(call, counts[place]));
    }
  }
  return figures;
}

/** @param {number[]} figures */
export function median(figures) {
  const sorted = figures.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Keeps figures as Criterion keeps a bench.
 *
 * @param {string} folder
 * @param {string} name
 * @param {number[]} figures
 * @param {number} [elements] how many things one call is about
 */
export function write(folder, name, figures, elements) {
  const sorted = figures.toSorted((one, other) => one - other);
  const quarter = Math.floor(sorted.length / 4);
  const place = join(folder, name.replaceAll(/[^\p{L}\p{N}]/gu, '_'), 'new');
  mkdirSync(place, { recursive: true });
  const throughput = elements === undefined ? null : { Elements: elements };
  writeFileSync(join(place, 'benchmark.json'), JSON.stringify({ full_id: name, throughput }));
  const interval = { lower_bound: sorted[quarter], upper_bound: sorted[sorted.length - 1 - quarter] };
  const estimate = { point_estimate: median(sorted), confidence_interval: interval };
  writeFileSync(join(place, 'estimates.json'), JSON.stringify({ median: estimate }));
}
