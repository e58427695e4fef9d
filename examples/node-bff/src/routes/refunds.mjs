// What would go back to whom, before anybody decides: `wallet.refund`, and `pricing.unsubscribe` for how much.

import { pricing, wallet } from 'counterfoil';
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
  maybeText,
  money,
  object,
  shortText,
  text,
} from '../schemas.mjs';

const payments = object({
  payments: list(object({ number: integer, order: text, unit: text, amount: money, paidAt: instant })),
});

const preview = given(
  {
    payment: integer,
    amount: { ...shortText, description: 'in the currency of the payment', examples: ['12.30'] },
    fee: { ...shortText, examples: ['0'] },
    returned: { enum: ['proportional', 'reverse_deduction', 'paid_first', 'free_first'] },
    giveBack: { enum: ['same_coupon', 'balance_if_expired', 'balance', 'recorded_only'] },
  },
  ['fee'],
);

const source = object({ kind: text, name: maybeText });

const previewed = object({
  amount: money,
  fee: money,
  net: money,
  left: money,
  legs: list(object({ source, amount: money, to: text })),
  sources: list(object({ source, paid: money, returned: money, left: money })),
  explanation,
});

const byUse = given({ paid: shortText, used: shortText, ordered: shortText, fee: shortText });

const amountByUse = object({ refund: decimal, consumed: exact, fee: exact, explanation });

export function refundRoutes(api, books) {
  const tags = ['refunds'];
  const all = {
    tags,
    summary: 'The payments of an owner, the latest first',
    params: given({ owner: { type: 'string', maxLength: 200 } }),
    response: answers(payments, 'the payments'),
  };
  const one = {
    tags,
    summary: 'What a refund would give back to which source; nothing is changed',
    body: preview,
    response: answers(previewed, 'the preview'),
  };
  const use = {
    tags,
    summary: 'How much is refunded of an order that was used in part',
    body: byUse,
    response: answers(amountByUse, 'the amount'),
  };
  api.get('/api/owners/:owner/payments', { schema: all }, async (request) => paymentsOf(books, request.params.owner));
  api.post('/api/refunds/preview', { schema: one }, async (request) => previewOf(books, request.body));
  api.post('/api/refunds/by-use', { schema: use }, async (request) => refundByUse(request.body));
}

function paymentsOf(books, owner) {
  if (!books.owners().some((one) => one.owner === owner)) {
    throw new Problem(404, 'bff.no_such_owner', { owner });
  }
  const shown = books.payments(owner);
  return {
    payments: shown.map(({ number, order, unit, amount, paidAt }) => ({ number, order, unit, amount, paidAt })),
  };
}

function previewOf(books, { payment: number, amount, fee = '0', returned, giveBack }) {
  const made = books.payment(number);
  if (made === null) {
    throw new Problem(404, 'bff.no_such_payment', { number: String(number) });
  }
  const { currency, charge, legs, refunds, coupons } = made;
  const refund = wallet.refund({
    payment: { charge, legs },
    refunds: refunds.map(({ kept }) => kept),
    coupons,
    request: {
      id: 'preview',
      application: charge.application,
      order: charge.order,
      amount: `${amount} ${currency}`,
      fee: `${fee} ${currency}`,
      step: '0.01',
      returned,
      giveBack,
    },
    now: new Date(),
  });
  return {
    amount: refund.amount,
    fee: refund.fee,
    net: refund.net,
    left: refund.left,
    legs: refund.legs.map((leg) => ({ source: named(leg.source), amount: leg.amount, to: leg.to.kind })),
    sources: refund.sources.map((one) => ({ ...one, source: named(one.source) })),
    // The core says it in English only; the page shows the legs.
    explanation: { en: refund.text, zh: null },
  };
}

function named(one) {
  return { kind: one.kind, name: one.coupon ?? null };
}

function refundByUse({ paid, used, ordered, fee }) {
  const of = { kind: 'counts', counts: { used, ordered, fee } };
  const { refund, consumed, fee: kept, derivation } = pricing.unsubscribe({ paid, of, rounding: 'bss' });
  return { refund: refund.amount, consumed, fee: kept, explanation: { en: derivation.text, zh: derivation.textZh } };
}
