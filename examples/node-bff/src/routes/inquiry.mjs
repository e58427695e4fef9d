// What something would cost, and why: `pricing.inquire`.

import { pricing } from 'counterfoil';
import { FLAVOURS, REGIONS, prepaidDiscount, regionOf } from '../data/regions.mjs';
import { Problem } from '../problems.mjs';
import {
  answers,
  decimal,
  exact,
  explanation,
  given,
  instant,
  integer,
  list,
  mapOf,
  object,
  shortText,
  text,
} from '../schemas.mjs';

const name = object({ en: text, zh: text });

const catalogue = object({
  regions: list(object({ id: text, name, currency: text, zone: text, revision: text })),
  flavours: list(object({ id: text, kind: text, name, spec: mapOf(text) })),
});

const inquiry = given(
  {
    region: shortText,
    kind: { ...shortText, examples: ['server'] },
    spec: { ...mapOf(shortText), maxProperties: 16, examples: [{ cpu: '4 core', ram: '8 GiB' }] },
    term: given({ months: integer, days: integer }),
    count: integer,
    payment: { enum: ['post_paid', 'pre_paid'] },
    start: { ...instant, maxLength: 64 },
  },
  ['start'],
);

const line = object({
  part: text,
  unit: text,
  used: exact,
  payableUnits: exact,
  price: text,
  priceZh: text,
  original: exact,
  subtotal: decimal,
});

export const quote = object({
  revision: text,
  currency: text,
  window: object({ start: instant, end: instant }),
  lines: list(line),
  original: decimal,
  payable: decimal,
  rounding: text,
  explanation,
});

export const INQUIRY_SCHEMA = {
  tags: ['prices'],
  summary: 'What something would cost, line by line, and why',
  body: inquiry,
  response: answers(quote, 'a quote: its lines add up to what is payable'),
};

export function inquiryRoutes(api) {
  const schema = {
    tags: ['prices'],
    summary: 'The regions and what the calculator starts from',
    response: answers(catalogue, 'regions and flavours'),
  };
  api.get('/api/catalogue', { schema }, async () => ({ regions: REGIONS.map(shown), flavours: FLAVOURS }));
  api.post('/api/inquiry', { schema: INQUIRY_SCHEMA }, async (request) => inquire(request.body));
}

/** The answer of an inquiry. */
export function inquire({ region: id, kind, spec, term, count, payment, start }) {
  const region = regionOf(id);
  if (region === null) {
    throw new Problem(404, 'bff.no_such_region', { region: id });
  }
  const from = start ?? new Date();
  const quoted = pricing.inquire({
    card: region.card,
    kind,
    spec,
    for: { start: from, term, month: { calendar: region.zone } },
    count,
    discounted: payment === 'pre_paid' ? { discounts: prepaidDiscount(term.months), facts: { at: from } } : null,
    rounding: 'portal',
    explain: 'text',
  });
  return answerOf(quoted);
}

function answerOf({ revision, currency, window, lines, original, payable, rounding, text: en, textZh: zh }) {
  return {
    revision,
    currency,
    window,
    lines,
    original: original.amount,
    payable: payable.amount,
    rounding,
    explanation: { en, zh },
  };
}

function shown({ id, name: names, zone, card }) {
  return { id, name: names, zone, currency: card.currency, revision: card.revision };
}
