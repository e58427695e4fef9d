// The API, described by the schemas that its requests and answers are held to.

import { readFileSync } from 'node:fs';
import swagger from '@fastify/swagger';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

const DESCRIPTION = `Prices, products, address ranges, statements and refunds. Every amount and every whole number that
may be large is text, so that no digit is lost on the way: a JSON number of JavaScript is exact to 2^53 only. What is
refused is \`application/problem+json\` with a code that stays, a message in the language of \`Accept-Language\`
(\`en\`, \`zh\`), and the facts.`;

export async function describeApi(app) {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'A portal over Counterfoil', version, description: DESCRIPTION },
      servers: [{ url: '/' }],
      tags: ['prices', 'products', 'ranges', 'statements', 'refunds', 'service'].map((name) => ({ name })),
    },
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
