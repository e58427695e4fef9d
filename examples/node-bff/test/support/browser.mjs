// A headless Chromium on the application, which listens on a free port of this machine.

import { existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from '../../src/application.mjs';
import { demoBooks } from '../../src/books/demo.mjs';
import { filled } from './page.mjs';

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SCREENSHOTS = fileURLToPath(new URL('../../screenshots/', import.meta.url));

/** Why there is no browser; none where there is one. Where `CI` is `true`, there has to be. */
export function whyNoBrowser() {
  if (existsSync(EXECUTABLE) || process.env.CI === 'true') {
    return null;
  }
  return `no browser at ${EXECUTABLE}: install chromium, or name one in CHROMIUM`;
}

export async function startBrowser({ books = demoBooks() } = {}) {
  mkdirSync(SCREENSHOTS, { recursive: true });
  const browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  const app = await build({ books, requestsPerMinute: 0 });
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const end = async () => {
    await browser.close();
    await app.close();
    books.close();
  };
  return { open: (given) => openPage(browser, address, given), address, end };
}

/** A page in a language, with all that it complained about, and all that it asked elsewhere. */
async function openPage(browser, address, { language = 'en', hash = '', ...context } = {}) {
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB';
  const opened = await browser.newContext({
    locale,
    viewport: { width: 1180, height: 860 },
    reducedMotion: 'reduce',
    ...context,
  });
  const page = await opened.newPage();
  const faults = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    if (why !== 'net::ERR_ABORTED') {
      faults.push(`${request.url()} ${why}`);
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(address)) {
      faults.push(`elsewhere: ${request.url()}`);
    }
  });
  await page.goto(`${address}/${hash}`);
  await filled(page);
  const shot = (name) => page.screenshot({ path: `${SCREENSHOTS}${name}-${language}.png`, fullPage: true });
  return { page, faults, shot, close: () => opened.close() };
}
