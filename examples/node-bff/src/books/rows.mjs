// Rows of the store (`adapters/store/migrations/sqlite`), as the library takes them.

import { time } from 'counterfoil';
import { ownerOf } from './owner.mjs';

/** Microseconds since 1970, as text; they are whole and exact as a number until the year 2255. */
export function instantOf(micros) {
  const millis = Math.floor(micros / 1000);
  const rest = String(micros - millis * 1000).padStart(3, '0');
  return `${new Date(millis).toISOString().slice(0, -1)}${rest}Z`;
}

export function statementOf({
  id,
  statement,
  date,
  zone,
  owner,
  unit,
  kind,
  sequence,
  currency,
  original,
  payable,
  status,
  payment,
}) {
  const { start, end } = time.billingDay({ date, zone });
  return {
    number: id,
    id: statement,
    date,
    owner,
    unit,
    kind,
    sequence,
    original: `${original} ${currency}`,
    payable: `${payable} ${currency}`,
    status,
    window: { start, end },
    payment,
  };
}

/** A payment with all that `wallet.refund` asks about it. */
export function paymentOf(ask, number) {
  const [row] = ask.payment(number);
  if (!row) {
    return null;
  }
  const { currency } = row;
  return {
    currency,
    charge: chargeOf(row),
    legs: ask.legs(number).map((leg) => ({
      source: sourceOf(leg),
      amount: `${leg.amount} ${currency}`,
      before: `${leg.held_before} ${currency}`,
    })),
    refunds: ask.refunds(number).map((refund) => refundOf(refund, row, ask.refundLegs(refund.id))),
    coupons: ask.coupons(number).map(couponOf),
  };
}

function chargeOf({ application, order_id, unit, payer, amount, currency, coupons, funding, overdraft }) {
  return {
    application,
    order: order_id,
    unit,
    payer: ownerOf(payer),
    amount: `${amount} ${currency}`,
    coupons: coupons === null ? 'automatic' : { kind: 'named', named: JSON.parse(coupons) },
    funding: funding === 'overdraft' ? overdraftOf(overdraft, currency) : funding,
  };
}

function overdraftOf(limit, currency) {
  return { kind: 'overdraft', overdraft: { limit: limit === null ? null : `${limit} ${currency}` } };
}

function sourceOf({ source, coupon }) {
  return source === 'coupon' ? { kind: 'coupon', coupon } : { kind: source };
}

function refundOf(refund, { order_id }, legs) {
  const { application, refund: id, currency, amount, fee, step, returned, give_back, give_until_us, state } = refund;
  const until = give_back === 'same_coupon_until';
  const request = {
    id,
    application,
    order: order_id,
    amount: `${amount} ${currency}`,
    fee: `${fee} ${currency}`,
    step,
    returned,
    giveBack: until ? { kind: 'same_coupon_until', sameCouponUntil: instantOf(give_until_us) } : give_back,
  };
  const back = legs.map((leg) => ({
    source: sourceOf(leg),
    amount: `${leg.amount} ${currency}`,
    to:
      leg.destination === 'source_until'
        ? { kind: 'source_until', sourceUntil: instantOf(give_until_us) }
        : leg.destination,
  }));
  return { kept: { request, legs: back, state }, correction: refund.correction !== null };
}

function couponOf(row) {
  const { coupon, currency, face_value, balance, status, effective_us, expiration_us, created_us } = row;
  return {
    id: coupon,
    faceValue: `${face_value} ${currency}`,
    balance: `${balance} ${currency}`,
    status,
    effective: instantOf(effective_us),
    expiration: instantOf(expiration_us),
    created: instantOf(created_us),
    owner: row.owner === null ? null : ownerOf(row.owner),
    unit: row.unit,
    scope: row.scope_order === null ? 'unit' : { kind: 'order', order: row.scope_order },
    category: row.category,
  };
}
