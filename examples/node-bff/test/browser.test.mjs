// Every flow of the page in a real browser, in both languages: what is shown, a picture of it, no fault in the console,
// no request elsewhere, and nothing that axe finds. `screenshots/` has the pictures.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openBooks } from '../src/books/sqlite.mjs';
import { startBrowser, whyNoBrowser } from './support/browser.mjs';
import { accessible, chooseMixedPayment, chooseOwner, eventually, filled, tabTo } from './support/page.mjs';
import { writePortal } from './support/portal.mjs';

const WORDS = {
  en: {
    title: 'What would it cost?',
    noAmount: /not a decimal number/,
    badge: 'Not available',
    reason: /nodes are available/,
    becomes: /Could be bought then: .*Two T4, 16 cores/,
    pieces: /^16 pieces of 1024 addresses$/,
    chosen: '2 chosen',
    merged: 'Merged into 10.40.0.0/25, 128 addresses',
    apart: /does not begin right after/,
    bits: /has host bits set/,
    paid: 'Paid by coupons',
    back: /would go back; 0\.00 CNY could still be refunded/,
    above: /can not be refunded/,
  },
  zh: {
    title: '价格计算器',
    noAmount: /不是十进制数/,
    badge: '暂不可售',
    reason: /个节点可用/,
    becomes: /届时可售：.*双卡 T4，16 核/,
    pieces: /^1024 个地址，共 16 个分片$/,
    chosen: '已选 2 个',
    merged: '已合并为 10.40.0.0/25，128 个地址',
    apart: /不连续/,
    bits: /主机位不为零/,
    paid: '代金券支付',
    back: /此后还可退 0\.00 CNY/,
    above: /不能退款/,
  },
};

describe('the page', { skip: whyNoBrowser() ?? false }, () => {
  let portal;
  before(async () => {
    portal = await startBrowser();
  });
  after(() => portal?.end());

  for (const [language, words] of Object.entries(WORDS)) {
    flow(
      `${language}: a price follows what is changed, with its lines and its reason`,
      { language },
      async ({ page, shot }) => {
        assert.equal(await page.textContent('h1'), words.title);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        const first = await page.textContent('#price');
        await page.selectOption('[name=flavour]', 'inference');
        await page.fill('[name=count]', '3');
        await page.check('[name=prepaid]');
        await page.waitForFunction((old) => ![old, '–'].includes(document.querySelector('#price').textContent), first);
        // Each of the changes may have an answer of its own: what is shown agrees when the last one has come.
        await eventually(async () => {
          assert.match(await page.textContent('#why pre'), language === 'zh' ? /统一折扣/ : /unified discount/);
          assert.equal(await page.locator('#breakdown tbody tr').count(), 5);
          const shown = ['#breakdown tfoot td:last-child', '#price'];
          const read = (all) => all.map((one) => document.querySelector(one).textContent);
          const [sum, price] = await page.evaluate(read, shown);
          assert.equal(`${sum} CNY`, price);
        });
        await page.click('#why summary');
        await page.selectOption('[name=region]', 'eu-central');
        await page.waitForFunction(() => document.querySelector('#price').textContent.endsWith('EUR'));
        await shot('prices');
      },
    );

    flow(
      `${language}: an amount that is none is told where it is read aloud, and goes when it is mended`,
      { language },
      async ({ page, shot }) => {
        await page.fill('[name="part-cpu"]', 'many');
        const problem = page.locator('#price-problem');
        await problem.waitFor();
        assert.match(await problem.textContent(), words.noAmount);
        assert.equal(await problem.getAttribute('role'), 'alert');
        await eventually(async () => assert.equal(await page.textContent('#price'), '–'));
        await shot('prices-problem');
        await page.fill('[name="part-cpu"]', '8');
        await problem.waitFor({ state: 'hidden' });
        await eventually(async () => assert.match(await page.textContent('#price'), /^[0-9.]+ CNY$/));
      },
    );

    flow(
      `${language}: grey products can not be bought and say why; a node more changes that`,
      { language, hash: '#products' },
      async ({ page, shot }) => {
        const grey = page.locator('.card.grey');
        assert.ok((await grey.count()) > 0);
        assert.equal(await grey.first().locator('.badge').textContent(), words.badge);
        const button = grey.first().locator('button');
        assert.ok(await button.isDisabled());
        assert.match(await page.textContent(`#${await button.getAttribute('aria-describedby')}`), words.reason);
        assert.ok(await page.locator('.card:not(.grey) button').first().isEnabled());
        await page.selectOption('[name=model]', 'T4');
        await page.click('#what-if button[type=submit]');
        await page.locator('#what-if-result .verdict').waitFor();
        assert.match(await page.textContent('#what-if-result .verdict'), words.becomes);
        await shot('products');
        await page.fill('#what-if [name=name]', 'cpu-1');
        await page.click('#what-if button[type=submit]');
        await page.locator('#what-if-problem').waitFor();
        assert.match(await page.textContent('#what-if-problem'), /cpu-1/);
      },
    );

    flow(
      `${language}: a range is split, drawn, planned and merged with the pointer`,
      { language, hash: '#ranges' },
      async ({ page, shot }) => {
        await page.click('#range-list li:first-child button');
        await page.locator('[role=option]').first().waitFor();
        await eventually(async () => assert.match(await page.textContent('#range-status'), words.pieces));
        await shot('ranges-split');
        await page.check('input[value=minimal-plan]');
        await page.click('#range-form button[type=submit]');
        await page.waitForFunction(() => document.querySelectorAll('.block.wanted').length === 3);
        await page.locator('[role=option]').nth(0).click();
        await page.locator('[role=option]').nth(1).click();
        await eventually(async () => assert.equal(await page.textContent('#range-status'), words.chosen));
        await page.click('#map summary');
        await shot('ranges-plan');
        await page.click('#merge');
        await page.waitForFunction(
          (text) => document.querySelector('#range-status').textContent === text,
          words.merged,
        );
        await page.locator('[role=option]').nth(0).click();
        await page.locator('[role=option]').last().click();
        await page.click('#merge');
        await page.locator('#range-problem').waitFor();
        assert.match(await page.textContent('#range-problem'), words.apart);
        await shot('ranges-problem');
        await page.fill('[name=range]', '10.0.0.1/24');
        await page.click('#range-form button[type=submit]');
        await page.waitForFunction(() => /10\.0\.0\.1\/24/.test(document.querySelector('#range-problem').textContent));
        assert.match(await page.textContent('#range-problem'), words.bits);
      },
    );

    flow(`${language}: the dialog is worked with keys alone`, { language, hash: '#ranges' }, async ({ page, shot }) => {
      const opener = page.locator('#range-list li:first-child button');
      await opener.focus();
      await page.keyboard.press('Enter');
      await page.locator('[role=option]').first().waitFor();
      await eventually(async () => assert.equal(await page.evaluate(() => document.activeElement.name), 'range'));
      await tabTo(page, '[role=option]');
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await eventually(async () => assert.equal(await page.textContent('#range-status'), words.chosen));
      const isChosen = () => page.evaluate(() => document.activeElement.getAttribute('aria-selected'));
      await page.keyboard.press('End');
      await eventually(async () => assert.equal(await isChosen(), 'false'));
      await page.keyboard.press('Home');
      await eventually(async () => assert.equal(await isChosen(), 'true'));
      await shot('ranges-keys');
      await tabTo(page, '#merge', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await page.waitForFunction((text) => document.querySelector('#range-status').textContent === text, words.merged);
      const role = () => page.evaluate(() => document.activeElement.getAttribute('role'));
      await eventually(async () => assert.equal(await role(), 'option'));
      for (let press = 0; press < 30; press += 1) {
        await page.keyboard.press(press < 15 ? 'Tab' : 'Shift+Tab');
        assert.ok(
          await page.evaluate(() => document.activeElement.closest('#range-dialog') !== null),
          `the focus left with ${press}`,
        );
      }
      await page.keyboard.press('Escape');
      await eventually(async () => {
        assert.equal(await page.locator('#range-dialog').evaluate((dialog) => dialog.open), false);
        assert.ok(await opener.evaluate((button) => button === document.activeElement), 'the focus goes back');
      });
    });

    flow(
      `${language}: the statements of a month are charted, opened, and a refund is previewed`,
      { language, hash: '#statements' },
      async ({ page, shot }) => {
        await page.locator('.figures').waitFor();
        assert.ok((await page.textContent('.figures')).includes(words.paid));
        assert.equal(await page.locator('.chart .bar').count(), 31);
        await chooseOwner(page, 'group:physics');
        await page.locator('.tall button').first().click();
        await page.locator('#lines td').first().waitFor();
        assert.match(await page.textContent('#lines tbody'), /gpu-0001/);
        const mixed = await chooseMixedPayment(page);
        assert.equal(await page.inputValue('[name=amount]'), mixed);
        assert.match(await page.textContent('#refund-result .verdict'), words.back);
        assert.equal(await page.locator('#refund-result .part.back').count(), 2);
        await page.locator('#refund details summary').click();
        await page.click('#by-use');
        await page.locator('#by-use-text').waitFor();
        await page.click('#refund button[type=submit]');
        await page.waitForFunction(
          (old) => document.querySelector('#refund-result .verdict')?.textContent.startsWith(old) === false,
          mixed,
        );
        await shot('statements');
        await page.fill('[name=amount]', '99999');
        await page.click('#refund button[type=submit]');
        await page.locator('#refund-problem').waitFor();
        assert.match(await page.textContent('#refund-problem'), words.above);
      },
    );
  }

  flow('the language is chosen, kept, and told to whoever reads aloud', { language: 'en' }, async ({ page }) => {
    await page.click('[data-language=zh]');
    await eventually(async () => {
      assert.equal(await page.textContent('h1'), WORDS.zh.title);
      assert.equal(await page.getAttribute('html', 'lang'), 'zh');
      assert.equal(await page.getAttribute('[data-language=zh]', 'aria-pressed'), 'true');
    });
    await page.reload();
    await filled(page);
    await eventually(async () => {
      assert.equal(await page.textContent('h1'), WORDS.zh.title);
      assert.match(await page.textContent('#breakdown'), /合计/);
    });
  });

  for (const colorScheme of ['light', 'dark']) {
    flow(
      `a small screen in ${colorScheme} shows everything without scrolling sideways`,
      { language: 'en', viewport: { width: 360, height: 740 }, colorScheme },
      async ({ page, shot, check }) => {
        for (const section of ['prices', 'products', 'ranges', 'statements']) {
          await page.click(`nav a[href="#${section}"]`);
          await page.locator(`#${section}`).waitFor();
          const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
          assert.ok(content <= screen, `${section} is ${content} wide`);
          await shot(`small-${colorScheme}-${section}`);
          await check();
        }
      },
    );
  }

  flow('every section can be reached from the head, and says where one is', { language: 'en' }, async ({ page }) => {
    for (const section of ['products', 'ranges', 'statements', 'prices']) {
      await page.click(`nav a[href="#${section}"]`);
      await eventually(async () => {
        const shown = await page.locator('main > section:visible').evaluateAll((all) => all.map(({ id }) => id));
        assert.deepEqual(shown, [section]);
        assert.equal(await page.getAttribute(`nav a[href="#${section}"]`, 'aria-current'), 'page');
        assert.equal(await page.locator('nav [aria-current]').count(), 1);
      });
    }
  });

  test('the statements of a file of portal-day are shown, and its refunds are counted in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'node bff '));
    await writePortal(join(folder, 'portal.sqlite'));
    const ofFile = await startBrowser({ books: await openBooks(join(folder, 'portal.sqlite')) });
    try {
      const { page, faults, shot } = await ofFile.open({ hash: '#statements' });
      await page.locator('.figures').waitFor();
      assert.match(await page.textContent('.figures'), /11\.51 EUR/);
      await page.fill('[name=amount]', '9.20');
      await page.click('#refund button[type=submit]');
      await page.locator('#refund-result .verdict').waitFor();
      assert.match(await page.textContent('#refund-result .verdict'), /9\.20 EUR would go back; 0\.00 EUR/);
      await shot('statements-of-a-file');
      await accessible(page);
      assert.deepEqual(faults, []);
    } finally {
      await ofFile.end();
      rmSync(folder, { recursive: true });
    }
  });

  /** A test of a page that complains about nothing, and about which axe complains of nothing, at its end. */
  function flow(title, given, body) {
    test(title, async () => {
      const opened = await portal.open(given);
      const check = () => accessible(opened.page);
      try {
        await body({ ...opened, check });
        await check();
        // A request that is refused is an answer; the browser logs it all the same.
        assert.deepEqual(
          opened.faults.filter((fault) => !/status of 4\d\d/.test(fault)),
          [],
        );
      } finally {
        await opened.close();
      }
    });
  }
});
