// So many requests of an address in a minute.

import { Problem } from './problems.mjs';

const MINUTE_MS = 60_000;
/** So many addresses are remembered; beyond them all are forgotten, so that memory does not grow. */
const MOST_ADDRESSES = 10_000;

export function limitRate(app, requestsPerMinute) {
  if (requestsPerMinute === 0) {
    return;
  }
  const seen = new Map();
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/api/')) {
      return;
    }
    const window = windowOf(seen, request.ip, Date.now());
    window.count += 1;
    reply.header('ratelimit-limit', requestsPerMinute);
    reply.header('ratelimit-remaining', Math.max(0, requestsPerMinute - window.count));
    if (window.count > requestsPerMinute) {
      const seconds = Math.ceil((window.end - Date.now()) / 1000);
      reply.header('retry-after', Math.max(1, seconds));
      throw new Problem(429, 'bff.too_many_requests', { limit: String(requestsPerMinute) });
    }
  });
}

function windowOf(seen, address, now) {
  const known = seen.get(address);
  if (known && known.end > now) {
    return known;
  }
  if (seen.size >= MOST_ADDRESSES) {
    seen.clear();
  }
  const window = { count: 0, end: now + MINUTE_MS };
  seen.set(address, window);
  return window;
}
