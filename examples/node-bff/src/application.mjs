// The application: what stands around every route, and the routes.

import fastify from 'fastify';
import { describeApi } from './openapi.mjs';
import { answerProblems } from './problems.mjs';
import { limitRate } from './rate-limit.mjs';
import { exactAnswers } from './exact.mjs';
import { secureHeaders } from './security.mjs';
import { servePage } from './page.mjs';
import { inquiryRoutes } from './routes/inquiry.mjs';
import { buyPageRoutes } from './routes/buy-page.mjs';
import { rangeRoutes } from './routes/ranges.mjs';
import { statementRoutes } from './routes/statements.mjs';
import { refundRoutes } from './routes/refunds.mjs';
import { healthRoutes } from './routes/health.mjs';

/** No request of this page is near it. */
const MOST_BYTES = 64 * 1024;

/**
 * @param {object} given
 * @param {import('./books/books').Books} given.books
 * @param {object | boolean} [given.logger]
 * @param {number} [given.requestsPerMinute] of one address; 0 is without limit
 * @param {(app: object) => void} [given.more] routes beside these, for measuring
 */
export async function build({ books, logger = false, requestsPerMinute = 1200, more }) {
  const app = fastify({
    logger,
    bodyLimit: MOST_BYTES,
    requestTimeout: 10_000,
    forceCloseConnections: 'idle',
    // What was sent is judged as it was sent: no number is made of text, and nothing is left out in silence.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  });
  answerProblems(app);
  secureHeaders(app);
  limitRate(app, requestsPerMinute);
  exactAnswers(app);
  await describeApi(app);
  await app.register(async (api) => {
    inquiryRoutes(api);
    buyPageRoutes(api);
    rangeRoutes(api);
    statementRoutes(api, books);
    refundRoutes(api, books);
    healthRoutes(api, books);
    more?.(api);
  });
  await servePage(app);
  return app;
}
