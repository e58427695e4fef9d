// The language that is shown: chosen, kept, and told to whoever draws.

import { TEXTS } from '../i18n.js';

const KEY = 'language';
const listeners = [];
let current = initial();

export function language() {
  return current;
}

/** The text of a key; `{name}` in it stands for a value. */
export function t(key, values = {}) {
  const text = TEXTS[key];
  if (!text) {
    throw new Error(`no text ${key}`);
  }
  return text[current].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** What is told in both languages, in the one that is shown; English where there is no other. */
export function told(both) {
  return both[current] ?? both.en;
}

export function onLanguage(draw) {
  listeners.push(draw);
}

export function choose(language_) {
  current = language_;
  localStorage.setItem(KEY, current);
  apply();
  listeners.forEach((draw) => draw());
}

/** Writes every text that stands in the page itself. */
export function apply() {
  document.documentElement.lang = current;
  document.querySelectorAll('[data-text]').forEach((element) => {
    element.textContent = t(element.dataset.text);
  });
  document
    .querySelectorAll('[data-label]')
    .forEach((element) => element.setAttribute('aria-label', t(element.dataset.label)));
  document.querySelectorAll('[data-language]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.language === current));
  });
}

function initial() {
  const kept = localStorage.getItem(KEY);
  if (kept === 'en' || kept === 'zh') {
    return kept;
  }
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}
