'use strict';

// The vectors of metering, pricing and the wallet by handles: the same answer, or the same error, as the operation gives.

const assert = require('node:assert/strict');
const { readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const test = require('node:test');
const { CounterfoilError, History, PortalRows, RateCard, Usage, Wallet, evaluate } = require('..');

const VECTORS = join(__dirname, '../../tests/vectors/data');

/** A member that no handle takes, or a value that only JSON has in its place: the operation is the one to call. */
class DoesNotFit extends Error {}

/** @param {boolean} fits */
function fitsIf(fits) {
  if (!fits) {
    throw new DoesNotFit();
  }
}

function usageOf({ window, of, quota }) {
  if (of.counted !== undefined) {
    return Usage.counted(window, of.counted);
  }
  return new History(of.spans).usage(window, { quota });
}

/** What is rated: a usage, or segments; none where there is no reading. */
function rateable({ window, of, quota }) {
  if (of.portal !== undefined) {
    return rowsOf(of.portal).segments(window);
  }
  if (of.segments === undefined) {
    return usageOf({ window, of, quota });
  }
  const history = new History(of.segments);
  return history.usage(window, { quota }) && history.segments(window, { quota });
}

function rowsOf({ rows_of: of, current, archive }) {
  fitsIf(of === 'server' || of === 'disk');
  return PortalRows[of]({ ...current, archive });
}

/** A card is read from text by handles, where a fault has its line: no call of the operation has one. */
function cardOf(card) {
  try {
    return RateCard.fromJson(JSON.stringify(card));
  } catch (error) {
    fitsIf(error.code !== 'pricing.bad_card');
    throw error;
  }
}

function tariffOf({ card, kind, at }, start) {
  return cardOf(card).tariff(kind, at ?? start);
}

function rated(input) {
  const tariff = tariffOf(input, input.window.start);
  const usage = rateable(input);
  return usage === null ? null : tariff.rate(usage, { rounding: input.rounding });
}

/** What a handle tells of amounts, of what the operation does. */
function amountsOf({ revision, kind, currency, rounding, original, payable, payableExact }) {
  return { revision, kind, currency, rounding, original, payable, payableExact };
}

function amountsIn({ revision, kind, currency, rounding, original, payable }) {
  const [listed, paid, payableExact] = [original.amount, payable.amount, payable.exact];
  return { revision, kind, currency, rounding, original: listed, payable: paid, payableExact };
}

function lineOf({ window, part, unit, used, payableUnits, rate, original, payable }) {
  return { window, part, unit, used, payableUnits, rate, original, payable };
}

function lineIn({ window, part, unit, used, payable_units: payableUnits, price: rate, original, payable }) {
  return { window, part, unit, used, payableUnits, rate, original, payable };
}

/** What a quote tells; its text where the operation was asked for it. */
function quoteOf(quote, { explain }) {
  const { at, window, count, lines } = quote;
  const texts = explain === 'text' ? [quote.explain(), quote.explain('zh')] : [];
  const { original, payable } = quote;
  assert.deepEqual(quote.recompute(), { original, payable });
  return { ...amountsOf(quote), at, window, count: Number(count), lines: lines.map(lineOf), texts };
}

function quoteIn(answer) {
  const { at, window, count, lines } = answer;
  const texts = [answer.text, answer.text_zh].filter((text) => typeof text === 'string');
  return { ...amountsIn(answer), at, window, count, lines: lines.map(lineIn), texts };
}

function walletOf(payer, { balance, debt, coupons, others, locks }) {
  fitsIf(others === undefined && locks === undefined);
  const camel = coupons.map(({ face_value: faceValue, ...coupon }) => ({ faceValue, ...coupon }));
  return new Wallet({ payer, balance, debt, coupons: camel });
}

/** How each operation is called by handles, and what of its answer they tell. */
const OPERATIONS = {
  'metering.usage': { call: (input) => usageOf(input)?.toJSON() ?? null },
  'metering.segments': {
    call({ window, spans, quota }) {
      return { segments: new History(spans).segments(window, { quota }).map((usage) => usage.toJSON()) };
    },
  },
  'metering.add': {
    call({ first, next }) {
      const both = [usageOf(first), usageOf(next)];
      return both.includes(null) ? null : both[0].plus(both[1]).toJSON();
    },
  },
  'metering.delta': {
    call({ corrected, stored }) {
      const both = [usageOf(corrected), usageOf(stored)];
      return both.includes(null) ? null : both[0].minus(both[1]).toJSON();
    },
  },
  'metering.portal_usage': {
    call({ rows, window }) {
      const segments = rowsOf(rows).segments(window);
      return segments === null ? null : { segments: segments.map((usage) => usage.toJSON()) };
    },
  },
  'metering.portal_history': {
    call: ({ current, archive }) => PortalRows.server({ ...current, archive }).history().toJSON().spans,
    told: ({ spans }) => spans,
  },
  'pricing.rate': {
    call(input) {
      const answer = rated(input);
      return answer === null ? null : amountsOf(answer);
    },
    told: amountsIn,
  },
  'pricing.explain': {
    call(input) {
      const answer = rated(input);
      if (answer === null) {
        return null;
      }
      const texts = [answer.explain('en'), answer.explain('zh')];
      return { ...amountsOf(answer), lines: answer.lines.map(lineOf), texts, recomputed: answer.recompute() };
    },
    told({ text, text_zh: chinese, lines, recomputed, ...answer }) {
      return { ...amountsIn(answer), lines: lines.map(lineIn), texts: [text, chinese], recomputed };
    },
  },
  'pricing.bill': {
    call(input) {
      fitsIf(input.discounted === undefined);
      const tariff = tariffOf(input, input.window.start);
      const usage = usageOf(input);
      return usage === null ? null : quoteOf(tariff.bill(usage, { rounding: input.rounding }), input);
    },
    told: quoteIn,
  },
  'pricing.inquire': {
    call(input) {
      fitsIf(input.discounted === undefined);
      const { start, end, term, month } = input.for;
      fitsIf(month === undefined || month === 'fixed_30' || month.calendar !== undefined);
      const asked = { start, end, ...term, zone: month?.calendar, rounding: input.rounding, count: input.count };
      return quoteOf(tariffOf(input, start).inquire(input.spec, asked), input);
    },
    told: quoteIn,
  },
  'pricing.read_card': {
    call({ format, text }) {
      fitsIf(format === 'toml' || format === 'json');
      const card = format === 'toml' ? RateCard.fromToml(text) : RateCard.fromJson(text);
      assert.ok(RateCard.fromToml(card.toToml()).equals(card) && RateCard.fromJson(card.toJson()).equals(card));
      const { revision, currency, validFrom: from, validTo: to } = card;
      return { revision, currency, from, to, rates: card.toJSON().rates.length, toml: card.toToml(), json: card.toJson() };
    },
  },
  'wallet.plan': {
    call({ charge, unit_application: of, earlier, funds, now }) {
      fitsIf(earlier === undefined && of === charge.application);
      const { payer, amount, coupons, funding, ...more } = charge;
      const wallet = walletOf(payer, funds);
      const [how, { limit }] = typeof funding === 'string' ? [funding, {}] : fundingIn(funding);
      const named = coupons === 'automatic' ? undefined : coupons.named;
      return wallet.plan(amount, { ...more, at: now, coupons: named, funding: how, limit }).toJSON();
    },
    told({ amount, method, from_coupons: fromCoupons, from_account: fromAccount, legs }) {
      const told = legs.map(({ source, ...leg }) => ({ source: sourceIn(source), ...leg }));
      return { amount, method, fromCoupons, fromAccount, legs: told };
    },
  },
  'wallet.usable_funds': {
    call({ purpose: { payer, unit, order, currency }, funds, now }) {
      fitsIf(funds.balance.endsWith(` ${currency}`));
      return { usable: walletOf(payer, funds).usable({ unit, order, at: now }) };
    },
  },
};

function fundingIn(funding) {
  return funding.order === undefined ? ['overdraft', funding.overdraft] : [funding.order, {}];
}

function sourceIn(source) {
  if (typeof source === 'string') {
    return { kind: source };
  }
  const [[kind, id]] = Object.entries(source);
  return { kind, [kind.replace(/_(.)/g, (_, letter) => letter.toUpperCase())]: id };
}

/** An answer of the operation: of JSON, without members that are not known. */
function answered(op, input) {
  const { ok, error } = JSON.parse(evaluate(op, JSON.stringify(input)));
  return error === undefined ? { ok: ok === null ? null : (OPERATIONS[op].told ?? ((told) => told))(ok) } : refusal(error);
}

/** An error; the place of what has another shape is one of JSON, or one of a call. */
function refusal({ code, category, details, message }) {
  return { error: code === 'wire.bad_input' ? { code, category } : { code, category, details: { ...details }, message } };
}

function byHandles(op, input) {
  try {
    return { ok: OPERATIONS[op].call(input) };
  } catch (error) {
    if (!(error instanceof CounterfoilError)) {
      throw error;
    }
    return refusal(error);
  }
}

function vectors() {
  const rooms = ['metering', 'pricing', 'wallet'];
  const files = rooms.flatMap((room) => readdirSync(join(VECTORS, room)).map((file) => join(VECTORS, room, file)));
  return files.flatMap((file) => JSON.parse(readFileSync(file, 'utf8')).vectors);
}

/** An object with no prototype is the same map of members. */
const plain = (value) => JSON.parse(JSON.stringify(value));

const counts = Object.fromEntries(Object.keys(OPERATIONS).map((op) => [op, { fits: 0, all: 0 }]));
for (const { id, op, input } of vectors().filter((vector) => vector.op in OPERATIONS)) {
  counts[op].all += 1;
  test(id, () => {
    const expected = answered(op, input);
    let told;
    try {
      told = byHandles(op, input);
    } catch (error) {
      if (error instanceof DoesNotFit) {
        return;
      }
      throw error;
    }
    assert.deepEqual(plain(told), plain(expected));
    counts[op].fits += 1;
  });
}

test('every operation of handles has vectors that were compared', () => {
  console.log(counts);
  assert.deepEqual(Object.keys(counts).filter((op) => counts[op].fits === 0), []);
});
