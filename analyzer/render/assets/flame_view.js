"use strict";
// What is in view and what the user can do about it; shared by the page and the picture, which draw.
//
// Whoever draws defines `host`:
//   width()     how many pixels wide the drawing is
//   refresh()   everything may have changed: draw, and say where the view is
//   redraw()    only colours or the selection changed
//   say(text)   show a sentence about a cell
//   reveal(i)   scroll cell I into view;  toRoot()  scroll to the root

const ROW = 18, LEAST = 0.3; // pixels: height of a row, width below which a cell is not drawn

const data = JSON.parse(document.getElementById("data").textContent);
const normal = decodeTree(data, data.cells, false);
const inverse = decodeTree(data, data.inverse, true); // leaves first, with their callers

// `focus` is the cell that is as wide as the view, `marked` the function that is highlighted.
const state = {
  tree: normal, focus: 0, selected: -1, flipped: false, side: BOTH, query: "", marked: -1,
  dark: false,
};
const past = []; // {inverted, focus}: where Backspace goes
let found = null; // of searchTree
let rows = []; // by row: {cells, lefts, widths} of what is drawn, left to right

// --- which cells are drawn where

// From the root to the focus a cell per row, as wide as the view; below it everything wide enough.
function layOut() {
  const t = state.tree, focus = state.focus, width = host.width();
  rows = [];
  const add = (depth, cell, left, w) => {
    const row = rows[depth] || (rows[depth] = {cells: [], lefts: [], widths: []});
    row.cells.push(cell);
    row.lefts.push(left);
    row.widths.push(w);
  };
  for (let i = t.parent[focus]; i >= 0; i = t.parent[i]) add(t.depth[i], i, 0, width);
  const whole = cellWidth(t, focus, state.side);
  add(t.depth[focus], focus, 0, width);
  if (!whole) return;
  const next = []; // by depth: where the next cell there begins
  next[t.depth[focus] + 1] = 0;
  for (let i = focus + 1; i < t.end[focus];) {
    const depth = t.depth[i], left = next[depth];
    const w = Math.min(width * cellWidth(t, i, state.side) / whole, width - left);
    next[depth] = left + w;
    if (w < LEAST) {
      i = t.end[i];
      continue;
    }
    next[depth + 1] = left;
    add(depth, i, left, w);
    i++;
  }
}

// Where cell I is drawn, or null.
function place(i) {
  const r = i < 0 ? -1 : state.tree.depth[i], row = rows[r], k = row ? row.cells.indexOf(i) : -1;
  return k < 0 ? null : {row: r, at: k, left: row.lefts[k], width: row.widths[k]};
}

// The cell of row R at ACROSS pixels, or -1.
function cellInRow(r, across) {
  const row = rows[r];
  if (!row) return -1;
  let low = 0, high = row.cells.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (row.lefts[middle] <= across) low = middle;
    else high = middle - 1;
  }
  return across >= row.lefts[low] && across < row.lefts[low] + row.widths[low] ? row.cells[low] : -1;
}

// How cell I looks now; `faded` if it is only context.
function lookNow(i) {
  const t = state.tree, key = t.key[i];
  const isHit = found !== null && key >= 0 && found.hits[key] === 1;
  const isMarked = key >= 0 && key === state.marked;
  const plain = cellLook(data, t, i, state.dark);
  const look = isHit || isMarked ? markedLook(plain, isHit, state.dark) : plain;
  look.faded = t.depth[i] < t.depth[state.focus] || (found !== null && !isHit && !isMarked);
  return look;
}

// --- sentences

const HINT = "Point at a cell, or select one with the arrow keys.";

function story(i) {
  return i < 0 ? HINT : cellStory(data, state.tree, i, state.focus);
}

// "1.2s (3%)", or with a base "1.2s (3%) \u2192 0.8s (2%)": shares of what is shown.
function sides(old, now, of) {
  const t = state.tree, part = (v, all) => `${formatValue(data, v)} (${formatShare(v, all)})`;
  return (data.base ? part(old, t.oldCum[of]) + " \u2192 " : "") + part(now, t.newCum[of]);
}

function matchedText() {
  if (!found) return "";
  return `matched ${sides(found.old, found.now, state.focus)} in ` +
    `${found.cells} cells, ${found.functions} functions`;
}

// The cells from the root to the focus.
function pathCells() {
  const chain = [];
  for (let i = state.focus; i >= 0; i = state.tree.parent[i]) chain.unshift(i);
  return chain;
}

function focusText() {
  const t = state.tree, focus = state.focus;
  return sides(t.oldCum[focus], t.newCum[focus], 0);
}

const SIDES = {
  [BOTH]: "old and new together (what vanished has one, too)",
  [NEW]: "new (what vanished has none)",
  [OLD]: "old (what appeared has none)",
};

// [text, old, now] of cells that show what colours mean; only with a base.
const LEGEND = [
  ["appeared", 0, 1], ["\u25b2 grew", 1, 3], ["as before", 1, 1], ["\u25bc shrank", 3, 1], ["vanished", 1, 0],
];

function legendTree() {
  const t = newTree(LEGEND.length);
  LEGEND.forEach(([, old, now], i) => {
    t.oldCum[i] = old;
    t.newCum[i] = now;
  });
  return t;
}

function legendText() {
  return data.base ? "Widths: " + SIDES[state.side] + "."
                   : "Colours stand for packages and libraries, widths for cum; " +
                     "(N smaller) are cells too small to be told apart.";
}

// --- what the user can do

function update() {
  const test = nameTest(state.query);
  found = test ? searchTree(state.tree, data.names, test, state.focus) : null;
  host.refresh();
}

function select(i) {
  state.selected = i;
  host.say(story(i));
  host.reveal(i);
  host.redraw();
}

function zoom(i) {
  if (i < 0 || i === state.focus || state.tree.merged[i]) return;
  past.push({inverted: state.tree !== normal, focus: state.focus});
  state.focus = state.selected = i;
  host.say(story(i));
  update();
  host.reveal(i);
}

function useTree(inverted) {
  state.tree = inverted ? inverse : normal;
  state.selected = -1;
  host.say(HINT);
}

function back() {
  const last = past.pop();
  if (!last) return;
  if (last.inverted !== (state.tree !== normal)) useTree(last.inverted);
  state.focus = last.focus;
  update();
}

function reset() {
  if (state.focus) past.push({inverted: state.tree !== normal, focus: state.focus});
  Object.assign(state, {focus: 0, selected: -1, query: "", marked: -1});
  host.say(HINT);
  update();
  host.toRoot();
}

function flip() {
  state.flipped = !state.flipped;
  update();
  host.toRoot();
}

function invert() {
  past.push({inverted: state.tree !== normal, focus: state.focus});
  useTree(state.tree === normal);
  state.focus = 0;
  update();
  host.toRoot();
}

function search(query) {
  state.query = query;
  update();
}

// Goes to the next (1) or the one before (-1) of the cells that match.
function nextMatch(step) {
  if (!found) return;
  const t = state.tree, first = state.focus, count = t.end[first] - first;
  const from = state.selected < first || state.selected >= t.end[first] ? first : state.selected;
  for (let k = 1; k <= count; k++) {
    const i = first + (((from - first + step * k) % count) + count) % count;
    if (t.key[i] >= 0 && found.hits[t.key[i]] && place(i)) {
      select(i);
      return;
    }
  }
}

function markFunction(key) {
  state.marked = key < 0 || state.marked === key ? -1 : key;
  update();
}

function changeSide(side) {
  if (!data.base) return;
  state.side = side;
  update();
}

function setDark(dark) {
  state.dark = dark;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
  host.refresh();
}

// DIRECTION is on the screen: along the row, to the caller, to the heaviest callee.
function move(direction) {
  const at = place(state.selected);
  if (!at) {
    select(state.focus);
    return;
  }
  const t = state.tree, i = state.selected, row = rows[at.row];
  const deeper = (direction === "down") !== state.flipped;
  let to = -1;
  if (direction === "left") to = at.at > 0 ? row.cells[at.at - 1] : -1;
  else if (direction === "right") to = at.at + 1 < row.cells.length ? row.cells[at.at + 1] : -1;
  else if (!deeper) to = t.parent[i];
  else if (t.depth[i] < t.depth[state.focus]) to = rows[at.row + 1].cells[0];
  else if (i + 1 < t.end[i]) to = i + 1;
  if (place(to)) select(to);
}

function clear() {
  if (state.query || state.marked >= 0) {
    state.query = "";
    state.marked = -1;
    update();
  } else {
    select(-1);
  }
}

// [keys, what they do, in words]; whoever draws adds its own, and makes help from all.
const KEYS = [
  [["n"], () => nextMatch(1), "select the next match"],
  [["N"], () => nextMatch(-1), "select the match before"],
  [["Escape"], () => clear(), "clear the search, the highlight or the selection"],
  [["ArrowUp", "k"], () => move("up"), "select the cell above"],
  [["ArrowDown", "j"], () => move("down"), "select the cell below"],
  [["ArrowLeft", "h"], () => move("left"), "select the cell to the left"],
  [["ArrowRight", "l"], () => move("right"), "select the cell to the right"],
  [["Enter"], () => zoom(state.selected), "zoom into the selected cell (or click it)"],
  [["Backspace", "Alt+ArrowLeft"], back, "one step back"],
  [["r", "0"], reset, "reset: show everything again"],
  [["i"], flip, "icicle or flame: root at the top or at the bottom"],
  [["b"], invert, "inverted: leaves first, with their callers"],
  [["#"], () => markFunction(state.selected < 0 ? -1 : state.tree.key[state.selected]),
   "highlight the selected function everywhere"],
  [["w"], () => changeSide((state.side + 2) % 3), "widths: old + new, new or old (with a base)"],
  [["d"], () => setDark(!state.dark), "dark or light"],
];

// Does what EVENT's key is for; false if it is for nothing here.
function answerKey(event) {
  const name = (event.altKey ? "Alt+" : "") + event.key;
  const row = event.ctrlKey || event.metaKey ? null : KEYS.find(([names]) => names.includes(name));
  if (!row) return false;
  event.preventDefault();
  row[1]();
  return true;
}
