'use strict';

// A run off the main thread: a promise that a signal rejects, and whose progress is told.

const native = require('../native');
const given = require('../given');
const { isNo } = require('../codec/misfit');
const { known } = require('./options');

/**
 * @typedef {object} Watched
 * @property {AbortSignal | undefined} signal
 * @property {((rows: number, of: number) => unknown) | undefined} progress
 */

/**
 * Options of a run, checked.
 *
 * @param {unknown} said
 * @param {string[]} more names of options beside those of each run
 * @returns {any}
 */
function optionsOf(said, more = []) {
  const options = known(said, ['signal', 'progress', ...more]);
  const { signal, progress } = options;
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    return given.refused(isNo(signal, '`AbortSignal`', ' `AbortSignal`'), 'signal');
  }
  if (progress !== undefined && typeof progress !== 'function') {
    return given.refused(isNo(progress, 'function', '函数'), 'progress');
  }
  return options;
}

/**
 * @typedef {import('../native').External<'Stopper'>} Stopper
 * @typedef {((rows: number, of: number) => void) | null} Told
 */

/**
 * Runs something: it is rejected with the reason of the signal, with what `progress` throws, or with what is wrong.
 *
 * @template Answer
 * @param {Watched} watched
 * @param {number} of how many rows there are
 * @param {(stopper: Stopper, told: Told) => Promise<Answer>} begin
 * @returns {Promise<Answer>}
 */
async function run({ signal, progress }, of, begin) {
  signal?.throwIfAborted();
  const stopper = native.stopper();
  const stopped = new Stopped();
  const stop = () => {
    native.stop(stopper);
    stopped.say();
  };
  /** @type {{ error: unknown } | undefined} */
  let failed;
  let isOver = false;
  let last = -1;
  /** @type {Promise<unknown> | undefined} */
  let waited;
  const fail = (/** @type {unknown} */ error) => {
    failed ??= { error };
    stop();
  };
  const tell = (/** @type {number} */ rows) => {
    if (rows === last) {
      return;
    }
    last = rows;
    try {
      const told = progress?.(rows, of);
      if (isThenable(told)) {
        waited = Promise.resolve(told).catch(fail);
      }
    } catch (error) {
      fail(error);
    }
  };
  const check = () => {
    if (failed !== undefined) {
      throw failed.error;
    }
    signal?.throwIfAborted();
  };
  const told = (/** @type {number} */ rows) => void (isOver || failed !== undefined || signal?.aborted || tell(rows));
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const answer = await begin(stopper, progress === undefined ? null : told);
    check();
    isOver = true;
    tell(of);
    // A promise that is never settled does not outlive the signal.
    await (waited && Promise.race([waited, stopped.said]));
    check();
    return answer;
  } catch (error) {
    isOver = true;
    check();
    throw native.told(error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Whether somebody said to stop. */
class Stopped {
  say = () => {};
  /** @type {Promise<void>} */
  said = new Promise((resolve) => {
    this.say = resolve;
  });
}

/**
 * Whether a value is a promise, whoever made it.
 *
 * @param {any} value
 * @returns {value is PromiseLike<unknown>}
 */
function isThenable(value) {
  return (typeof value === 'object' || typeof value === 'function') && typeof value?.then === 'function';
}

module.exports = { optionsOf, run };
