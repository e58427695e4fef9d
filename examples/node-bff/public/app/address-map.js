// Blocks of addresses as areas: every bit halves the area, the lower half at the left or at the top. Blocks are chosen
// by pointing or by keys: arrows, Home and End move, space chooses.

import { drawingWidth, svg } from './dom.js';
import { t } from './language.js';

const MOST_WIDTH = 976;
const LEAST_HEIGHT = 220;
const FLATNESS = 0.42;
/** What a letter takes, and a line; a label that does not fit is left out. */
const LETTER = 9;
const LINE = 24;
/** The mark of a chosen piece stands in this corner. */
const CORNER = 16;

/** @param {{ pieces: object[], chosen: Set<string>, onChoose: (range: string) => void }} given */
export function addressMap({ pieces, chosen, onChoose }) {
  const width = drawingWidth(MOST_WIDTH);
  const height = Math.max(LEAST_HEIGHT, width * FLATNESS);
  const blocks = pieces.map((piece, index) =>
    block(piece, cellOf(piece.path, { width, height }), chosen.has(piece.range), index),
  );
  const map = svg(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      class: 'map',
      role: 'listbox',
      'aria-multiselectable': 'true',
      'aria-label': t('ranges.map'),
    },
    ...blocks,
  );
  const choose = (element) => {
    const now = element.getAttribute('aria-selected') !== 'true';
    element.setAttribute('aria-selected', String(now));
    onChoose(pieces[blocks.indexOf(element)].range);
  };
  map.addEventListener('click', (event) => {
    const element = event.target.closest('[role=option]');
    if (element) {
      move(blocks, element);
      choose(element);
    }
  });
  map.addEventListener('keydown', (event) => onKey(event, blocks, choose));
  return map;
}

function onKey(event, blocks, choose) {
  const at = blocks.indexOf(document.activeElement);
  const last = blocks.length - 1;
  const places = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last };
  if (event.key === ' ' || event.key === 'Enter') {
    event.preventDefault();
    choose(blocks[at]);
  } else if (event.key in places) {
    event.preventDefault();
    move(blocks, blocks[Math.min(last, Math.max(0, places[event.key]))]);
  }
}

/** One block can be reached with Tab: the one that was last. */
function move(blocks, element) {
  blocks.forEach((one) => one.setAttribute('tabindex', one === element ? '0' : '-1'));
  element.focus();
}

function block(piece, cell, isChosen, index) {
  const inner = partOf(cell, piece.fill);
  const isClipped = piece.fill.share < 1;
  return svg(
    'g',
    {
      role: 'option',
      tabindex: index === 0 ? '0' : '-1',
      'aria-selected': String(isChosen),
      'aria-label': t('ranges.piece', { range: piece.range, size: piece.size }),
      class: `block ${piece.purpose ?? (index % 2 === 0 ? 'even' : 'odd')}`,
    },
    svg('title', {}, `${piece.range} · ${piece.size}`),
    isClipped ? svg('rect', { ...cell, class: 'cell' }) : null,
    svg('rect', { ...inner, class: 'area' }),
    ...labels(piece, inner),
  );
}

/** The area of a path of halvings; the longer side is halved. */
function cellOf(path, whole) {
  const area = { x: 0, y: 0, ...whole };
  for (const bit of path) {
    const [start, side] = area.width >= area.height ? ['x', 'width'] : ['y', 'height'];
    area[side] /= 2;
    area[start] += bit === '1' ? area[side] : 0;
  }
  return area;
}

/** The part of a block that a clipped piece fills, along its longer side. */
function partOf(area, { from, share }) {
  const [start, side] = area.width >= area.height ? ['x', 'width'] : ['y', 'height'];
  return { ...area, [start]: area[start] + area[side] * from, [side]: area[side] * share };
}

function labels({ range }, { x, y, width, height }) {
  const texts = range.length * LETTER < width ? [range] : [`/${range.split('/')[1]}`];
  if (texts[0].length * LETTER > width || height < LINE) {
    return [];
  }
  const at = (place, text, more) => svg('text', { ...place, ...more, 'aria-hidden': 'true' }, text);
  return [
    ...texts.map((text) => at({ x: x + width / 2, y: y + height / 2 }, text)),
    at({ x: x + CORNER, y: y + CORNER }, '✓', { class: 'chosen' }),
  ];
}
