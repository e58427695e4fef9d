// Metering, pricing and deduction as a portal writes them with big.js or decimal.js: both have the same methods.

/** @typedef {{ of: (value: any) => any, halfEven: number }} Library a constructor, and its number of half-even */

const MILLISECONDS_PER_HOUR = 3_600_000;
const PARTS = ['base', 'cpu', 'ram', 'disk', 'publicIp'];

/** What a server would cost for some days, with its lines. */
export function inquire({ of, halfEven }, server, prices, days, count) {
  const hours = 24 * days * count;
  const lines = PARTS.map((part) => {
    return { part, quantity: server[part], price: prices[part], amount: prices[part].times(server[part]).times(hours) };
  });
  const total = lines.reduce((sum, { amount }) => sum.plus(amount), of(0));
  return { lines, payable: total.toFixed(2, halfEven) };
}

/** Quantity × time of each part in a window: all of it, and what is payable. */
export function meter(spans, start, end) {
  const used = { base: 0, cpu: 0, ram: 0, disk: 0, publicIp: 0 };
  const payable = { ...used };
  for (const span of spans) {
    const first = Math.max(span.start, start);
    const last = Math.min(span.end ?? end, end);
    if (last <= first) {
      continue;
    }
    for (const part of PARTS) {
      const amount = span.server[part] * (last - first);
      used[part] += amount;
      if (span.postPaid) {
        payable[part] += amount;
      }
    }
  }
  return { used, payable };
}

/** The original amount and what is payable: one division of each, at the end. */
export function rate({ of, halfEven }, { used, payable }, prices) {
  const amount = (times) => {
    const total = PARTS.reduce((sum, part) => sum.plus(prices[part].times(times[part])), of(0));
    return total.div(MILLISECONDS_PER_HOUR).toFixed(2, halfEven);
  };
  return { original: amount(used), payable: amount(payable) };
}

/** What so many units cost by graduated tiers. */
export function graduated({ of, halfEven }, units, tiers) {
  let [amount, below] = [of(0), of(0)];
  for (const { upTo, price } of tiers) {
    const until = upTo === null || units.lt(upTo) ? units : upTo;
    amount = amount.plus(until.minus(below).times(price));
    below = until;
    if (until.eq(units)) {
      break;
    }
  }
  return amount.toFixed(2, halfEven);
}

/** Coupons first, the next to expire before the others; the rest from the balance. */
export function deduct({ of }, amount, balance, coupons, owner, unit, now) {
  const fit = coupons.filter((coupon) => {
    const { status, owner: holder, unit: pays, effective, expiration, balance: rest } = coupon;
    return status === 'available' && holder === owner && pays === unit && effective <= now && now < expiration && rest.gt(0);
  });
  fit.sort((a, b) => a.expiration - b.expiration || a.created - b.created || (a.id < b.id ? -1 : 1));
  const legs = [];
  let left = amount;
  for (const coupon of fit) {
    if (left.lte(0)) {
      break;
    }
    const taken = left.lt(coupon.balance) ? left : coupon.balance;
    legs.push({ source: coupon.id, amount: taken, before: coupon.balance, after: coupon.balance.minus(taken) });
    left = left.minus(taken);
  }
  if (left.gt(0)) {
    if (balance.lt(left)) {
      throw new Error(`${left} are missing`);
    }
    legs.push({ source: 'balance', amount: left, before: balance, after: balance.minus(left) });
  }
  if (!legs.reduce((sum, leg) => sum.plus(leg.amount), of(0)).eq(amount)) {
    throw new Error('the legs do not add up');
  }
  return legs;
}
