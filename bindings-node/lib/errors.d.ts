/** The languages of messages. */
export type Language = 'en' | 'zh';

export type Category = 'invalid_input' | 'out_of_range' | 'conflict' | 'insufficient' | 'not_found' | 'unsupported';

/**
 * What the library refuses.
 *
 * @example
 * try {
 *   money.parse({ text: '1,5' });
 * } catch (error) {
 *   error.code; // => 'money.not_a_decimal'
 *   error.messageIn('zh'); // => '`1,5` 不是十进制数（…）；请写成 `12.30` 的形式'
 * }
 */
export declare class CounterfoilError extends Error {
  private constructor();
  readonly name: 'CounterfoilError';
  /** The stable code, as `wallet.coupon_expired`: all of them are in `docs/errors.md`. */
  readonly code: string;
  readonly category: Category;
  /** The facts of it, by name. */
  readonly details: Readonly<Record<string, string>>;
  /** The message in English. */
  readonly message: string;
  /** The message in a language. */
  messageIn(language: Language): string;
  toJSON(): { code: string; category: Category; message: string; messageZh: string; details: Record<string, string> };
}

/** @internal Errors are made by the library. */
export declare function madeError(facts: object): CounterfoilError;
