// The words that the schemas of the routes are made of.

export const text = { type: 'string' };
export const texts = { type: 'array', items: text };
export const flag = { type: 'boolean' };
export const integer = { type: 'integer' };
export const maybeText = { type: ['string', 'null'] };

/** What comes in is short. */
export const shortText = { type: 'string', maxLength: 200 };

export const decimal = {
  type: 'string',
  pattern: '^-?[0-9]+(\\.[0-9]+)?$',
  description: 'an exact decimal as text',
  examples: ['484.70'],
};

export const exact = {
  type: 'string',
  pattern: '^-?[0-9]+(\\.[0-9]+)?(/[0-9]+)?$',
  description: 'an exact value as text; a fraction where it is no decimal',
  examples: ['44.7', '16910/379'],
};

export const money = {
  type: 'string',
  pattern: '^-?[0-9]+(\\.[0-9]+)? .+$',
  description: 'an exact amount and its currency, as text',
  examples: ['12.30 CNY'],
};

export const wholeText = {
  type: 'string',
  pattern: '^-?[0-9]+$',
  description: 'a whole number as text: it may be beyond 2^53',
  examples: ['18446744073709551616'],
};

export const instant = {
  type: 'string',
  description: 'an instant of RFC 3339 in UTC',
  examples: ['2026-11-23T00:00:00Z'],
};

/** An object of which every member is there, but for those of `optional`. */
export function object(properties, optional = []) {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', properties, required };
}

/** The same of what comes in: anything else in it is refused. */
export function given(properties, optional = []) {
  return { ...object(properties, optional), additionalProperties: false };
}

export function list(items, most) {
  return most === undefined ? { type: 'array', items } : { type: 'array', items, maxItems: most };
}

export function maybe(schema) {
  return { ...schema, type: [schema.type, 'null'] };
}

export function mapOf(schema) {
  return { type: 'object', additionalProperties: schema };
}

const problem = {
  description: 'what is wrong: a code that stays, a message in the language of the reader, the facts',
  content: {
    'application/problem+json': {
      schema: object({ status: integer, code: text, message: text, details: mapOf(text) }),
    },
  },
};

/** The answers of a route: what it gives, and what it refuses. */
export function answers(schema, description) {
  return { 200: { description, ...schema }, '4xx': problem, '5xx': problem };
}

/** A derivation of the core in both languages, as text to be shown as it is. */
export const explanation = object({ en: maybeText, zh: maybeText });
