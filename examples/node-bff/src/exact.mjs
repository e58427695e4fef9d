// Whole numbers go out as text: JSON has no `bigint`, and a `number` of JavaScript is exact to 2^53 only.

export function exactAnswers(app) {
  app.addHook('preSerialization', async (_request, _reply, payload) => withText(payload));
}

/** The same value, with text in place of each `bigint`. */
export function withText(value) {
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (Array.isArray(value)) {
    return value.map(withText);
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withText(member)]));
  }
  return value;
}
