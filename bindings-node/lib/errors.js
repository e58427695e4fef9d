'use strict';

/** @typedef {{ code: string, category: string, details: Record<string, string>, en: string, zh: string }} Facts */

/** What only the library passes to the constructor. */
const MADE = Symbol('made');

/** An error of what the native module tells. @type {(facts: Facts) => CounterfoilError} */
let madeError;

/**
 * What the library refuses: a stable `code`, its `category`, the facts of it as `details`, and a message in English and
 * Chinese.
 */
class CounterfoilError extends Error {
  /** @type {string} */
  #chinese;

  static {
    madeError = (facts) => new CounterfoilError(MADE, facts);
  }

  /**
   * @private
   * @param {unknown} token
   * @param {Facts} facts
   */
  constructor(token, facts) {
    if (token !== MADE) {
      require('./native').fault('wire.bad_input', 'CounterfoilError', 'errors are made by the library', '错误由本库创建');
    }
    const { code, category, details, en, zh } = facts;
    super(en);
    this.code = code;
    this.category = category;
    this.details = Object.freeze(Object.assign(Object.create(null), details));
    this.#chinese = zh;
  }

  /** @param {'en' | 'zh'} language */
  messageIn(language) {
    return language === 'zh' ? this.#chinese : this.message;
  }

  toJSON() {
    const { code, category, details, message } = this;
    return { code, category, message, messageZh: this.#chinese, details };
  }
}

Object.defineProperty(CounterfoilError.prototype, 'name', { value: 'CounterfoilError' });

module.exports = { CounterfoilError, madeError };
