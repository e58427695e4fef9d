'use strict';

/**
 * What the library refuses: a stable `code`, its `category`, the facts of it as `details`, and a message in English and
 * Chinese.
 */
class CounterfoilError extends Error {
  /** @type {string} */
  #chinese;

  /** @param {{ code: string, category: string, details: Record<string, string>, en: string, zh: string }} facts */
  static of(facts) {
    return new CounterfoilError(facts);
  }

  /**
   * @private
   * @param {{ code: string, category: string, details: Record<string, string>, en: string, zh: string }} facts
   */
  constructor({ code, category, details, en, zh }) {
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

module.exports = { CounterfoilError };
