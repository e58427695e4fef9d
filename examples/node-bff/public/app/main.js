// The page: its languages, its sections, and what fills them.

import { apply, choose } from './language.js';
import { byId } from './dom.js';
import { startCalculator } from './calculator.js';
import { startBuyPage } from './buy-page.js';
import { startRanges } from './ranges.js';
import { startStatements } from './statements.js';
import { startRefunds } from './refunds.js';

const SECTIONS = ['prices', 'products', 'ranges', 'statements'];

function showSection() {
  const wanted = location.hash.slice(1);
  const shown = SECTIONS.includes(wanted) ? wanted : SECTIONS[0];
  for (const name of SECTIONS) {
    byId(name).hidden = name !== shown;
    const link = document.querySelector(`nav a[href="#${name}"]`);
    link.toggleAttribute('aria-current', false);
    if (name === shown) {
      link.setAttribute('aria-current', 'page');
    }
  }
}

document.querySelectorAll('[data-language]').forEach((button) => {
  button.addEventListener('click', () => choose(button.dataset.language));
});
window.addEventListener('hashchange', () => {
  if (location.hash !== '#main') {
    showSection();
    window.scrollTo(0, 0);
  }
});

apply();
showSection();
startCalculator();
startBuyPage();
startRanges();
startStatements();
startRefunds();
