'use strict';

// The native module: found for this platform, and its errors made `CounterfoilError`.

const { madeError } = require('./errors');

/** The `code` of what the native module throws (`src/border/fault.rs`). */
const TOLD = 'COUNTERFOIL';

/** Where the module of this platform may be: built in this folder, or a package of its own. */
function places() {
  const platform = `${process.platform}-${process.arch}`;
  /** @type {Record<string, string[]>} */
  const libraries = { linux: ['-gnu', '-musl'], win32: ['-msvc'] };
  const suffixes = libraries[process.platform] ?? [''];
  return suffixes.flatMap((suffix) => [`../counterfoil.${platform}${suffix}.node`, `counterfoil-${platform}${suffix}`]);
}

/** @returns {Record<string, any>} */
function loaded() {
  const faults = [];
  for (const place of places()) {
    try {
      return require(place);
    } catch (error) {
      faults.push(`${place}: ${/** @type {Error} */ (error).message.split('\n')[0]}`);
    }
  }
  throw new Error(
    `counterfoil has no native module for ${process.platform}-${process.arch}. Where its sources are, ` +
      `\`cargo xtask test addon\` builds it. What was tried:\n${faults.join('\n')}`,
  );
}

/**
 * The same functions; what they throw or reject with is what people catch.
 *
 * @param {Record<string, any>} functions
 */
function guarded(functions) {
  /** @type {Record<string, any>} */
  const all = {};
  for (const [name, native] of Object.entries(functions)) {
    all[name] = guardedOne(native);
  }
  return all;
}

/** @param {(...given: any[]) => any} native */
function guardedOne(native) {
  return (/** @type {any[]} */ ...given) => {
    try {
      return native(...given);
    } catch (error) {
      throw told(error);
    }
  };
}

/**
 * What the native module threw, as what people catch.
 *
 * @param {any} error
 */
function told(error) {
  return error?.code === TOLD ? madeError(JSON.parse(error.message)) : error;
}

module.exports = { ...guarded(loaded()), told };
