'use strict';

const assert = require('node:assert/strict');
const { CounterfoilError } = require('../..');

/**
 * The code of what a call throws, which is an error of the library and no other; `'nothing'` where it throws none.
 *
 * @param {() => unknown} call
 */
function code(call) {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof CounterfoilError, error.stack);
    assert.ok(error.message !== '' && error.messageIn('zh') !== '' && Object.isFrozen(error.details));
    return error.code;
  }
  return 'nothing';
}

module.exports = { code };
