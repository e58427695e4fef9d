// Whether it answers, and what it reads.

import { answers, object, text } from '../schemas.mjs';

export function healthRoutes(api, books) {
  const schema = {
    tags: ['service'],
    summary: 'Whether it answers',
    response: answers(object({ status: text, books: text }), 'it does'),
  };
  api.get('/api/health', { schema }, async () => ({ status: 'ok', books: books.name }));
}
