// What several flows of the page do.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');

/** How long what an event does may take, on a busy machine. */
const PATIENCE_MS = 20_000;
const PAUSE_MS = 25;

/** Looks until a check holds: a page does later what it is asked for, and nobody says when. */
export async function eventually(check) {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > end) {
        throw error;
      }
    }
    await sleep(PAUSE_MS);
  }
}

/** When every section has been filled: a network that is idle may be one that was not asked yet. */
export async function filled(page) {
  await page.waitForFunction(() => {
    const parts = ['#breakdown table', '#product-list li', '#range-list li', '#month .figures', '[name=payment] option'];
    return parts.every((part) => document.querySelector(part) !== null);
  });
}

/** Chooses an owner, and waits for what is asked of it: statements, and payments. */
export async function chooseOwner(page, owner) {
  const payments = () => page.locator('[name=payment] option').evaluateAll((all) => all.map(({ value }) => value));
  const before = await payments();
  await page.selectOption('[name=owner]', owner);
  await eventually(async () => {
    assert.ok((await page.textContent('figure h2')).includes(owner));
    assert.notDeepEqual(await payments(), before);
  });
}

/** Nothing that axe finds. */
export async function accessible(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${id}, ${nodes.length} times: ${nodes[0].html.slice(0, 200)}`),
    [],
  );
}

/** Presses a key until what a selector means has the focus. */
export async function tabTo(page, selector, key = 'Tab') {
  for (let press = 0; press < 20; press += 1) {
    await page.keyboard.press(key);
    if (await page.evaluate((wanted) => document.activeElement.matches(wanted), selector)) {
      return;
    }
  }
  throw new Error(`${selector} is not reached with ${key}`);
}

/** Chooses a payment that two sources paid, previews the whole of it, and gives its amount. */
export async function chooseMixedPayment(page) {
  const values = await page.locator('[name=payment] option').evaluateAll((all) => all.map(({ value }) => value));
  for (const value of values) {
    await page.selectOption('[name=payment]', value);
    await page.click('#refund button[type=submit]');
    await page.locator('#refund-result .verdict').waitFor();
    if ((await page.locator('#refund-result .part.back').count()) === 2) {
      return page.inputValue('[name=amount]');
    }
  }
  throw new Error('no payment has two sources');
}
