"use strict";
// The tree of calls and what can be asked of it; no drawing. Shared by the page and the picture.
//
// A tree is a struct of columns in preorder, cell 0 being the root: the cells below cell i are those
// from i + 1 to end[i]. `key` is the index of a function's name, ROOT, or SMALLER for a cell that
// stands for `merged` others. Every value has two sides, before and now; without a base the first is 0.

const ROOT = -1, SMALLER = -2;
const OLD = 0, NEW = 1, BOTH = 2; // which side widths are made of

function newTree(count) {
  return {
    count,
    key: new Int32Array(count),
    parent: new Int32Array(count),
    end: new Int32Array(count),
    depth: new Int32Array(count),
    merged: new Int32Array(count),
    inlined: new Uint8Array(count),
    oldCum: new Float64Array(count),
    newCum: new Float64Array(count),
    oldFlat: new Float64Array(count),
    newFlat: new Float64Array(count),
    inverted: false,
  };
}

// Fills in parent, end and flat from depth and cum.
function finishTree(t) {
  const open = [];
  t.oldFlat.set(t.oldCum);
  t.newFlat.set(t.newCum);
  for (let i = 0; i < t.count; i++) {
    while (open.length > t.depth[i]) t.end[open.pop()] = i;
    const parent = open.length ? open[open.length - 1] : -1;
    t.parent[i] = parent;
    if (parent >= 0) {
      t.oldFlat[parent] -= t.oldCum[i];
      t.newFlat[parent] -= t.newCum[i];
    }
    open.push(i);
  }
  while (open.length) t.end[open.pop()] = t.count;
  return t;
}

// CELLS has for each cell in preorder: how many levels the next cell's parent is above this one
// (so 0: the next is a child); twice the name's index plus 1 if inlined, or -1 and less for the
// number of cells it stands for; cum; with a base also the base's cum.
function decodeTree(data, cells, inverted) {
  const step = data.base ? 4 : 3;
  const t = newTree(cells.length / step);
  t.inverted = inverted;
  let depth = 0;
  for (let i = 0, at = 0; i < t.count; i++, at += step) {
    const what = cells[at + 1];
    t.depth[i] = depth;
    t.key[i] = i === 0 ? ROOT : what < 0 ? SMALLER : what >> 1;
    t.merged[i] = i > 0 && what < 0 ? -what : 0;
    t.inlined[i] = i > 0 && what >= 0 ? what & 1 : 0;
    t.newCum[i] = cells[at + 2];
    t.oldCum[i] = data.base ? cells[at + 3] : 0;
    depth = depth + 1 - cells[at];
  }
  return finishTree(t);
}

function cellWidth(t, i, side) {
  return side === OLD ? t.oldCum[i] : side === NEW ? t.newCum[i] : t.oldCum[i] + t.newCum[i];
}

// A test for names: QUERY as a regular expression if it is one, else as text; either way without
// regard to case unless it has capitals. Null for an empty query.
function nameTest(query) {
  if (!query) return null;
  const flags = /[A-Z]/.test(query) ? "" : "i";
  try {
    const expression = new RegExp(query, flags);
    return (name) => expression.test(name);
  } catch {
    const text = flags ? query.toLowerCase() : query;
    return (name) => (flags ? name.toLowerCase() : name).includes(text);
  }
}

// Which names match, and how much lies in cells of such a name below cell FROM. What matches inside
// a match is not counted again.
function searchTree(t, names, test, from) {
  const hits = new Uint8Array(names.length);
  names.forEach((name, i) => { hits[i] = test(name) ? 1 : 0; });
  let cells = 0, covered = -1, old = 0, now = 0;
  for (let i = from; i < t.end[from]; i++) {
    if (t.key[i] < 0 || !hits[t.key[i]]) continue;
    cells++;
    if (i < covered) continue;
    covered = t.end[i];
    old += t.oldCum[i];
    now += t.newCum[i];
  }
  return {hits, cells, old, now, functions: hits.reduce((sum, hit) => sum + hit, 0)};
}

// Flat and cum of each function in cell FROM and below, largest flat first; recursion counts once.
function functionTable(t, from) {
  const rows = new Map(), active = new Map(), open = [];
  for (let i = from; i < t.end[from]; i++) {
    while (open.length && t.end[open[open.length - 1]] <= i) {
      const key = t.key[open.pop()];
      active.set(key, active.get(key) - 1);
    }
    const key = t.key[i];
    if (key < 0) continue;
    let row = rows.get(key);
    if (!row) {
      row = {key, old: 0, now: 0, oldCum: 0, newCum: 0};
      rows.set(key, row);
    }
    row.old += Math.max(0, t.oldFlat[i]);
    row.now += Math.max(0, t.newFlat[i]);
    if (!active.get(key)) {
      row.oldCum += t.oldCum[i];
      row.newCum += t.newCum[i];
    }
    active.set(key, (active.get(key) || 0) + 1);
    open.push(i);
  }
  return [...rows.values()].sort((a, b) => b.now + b.old - a.now - a.old || a.key - b.key);
}

// --- numbers as cpprof writes them

function formatValue(data, value) {
  const v = Math.abs(value * data.scale);
  let [factor, unit] = data.units[0];
  for (const [f, u] of data.units) if (v / f >= 1) [factor, unit] = [f, u];
  const text = (v / factor).toFixed(2).replace(/\.00$/, "");
  return (value < 0 ? "-" : "") + text + (v ? unit : "");
}

function formatShare(value, total) {
  if (!total) return "0%";
  const share = 100 * value / total, size = Math.abs(share);
  if (size >= 99.95 && size <= 100.05) return share < 0 ? "-100%" : "100%";
  return (size >= 1 ? share.toFixed(2) : Number(share.toPrecision(2)).toString()) + "%";
}

// "+12.5%", or in words what has no percentage.
function formatChange(old, now) {
  if (old === now) return "no change";
  if (!old) return "appeared";
  if (!now) return "vanished";
  const percent = 100 * (now - old) / old;
  return (percent > 0 ? "+" : "") + percent.toFixed(Math.abs(percent) < 10 ? 1 : 0) + "%";
}

// --- what a cell is called, and how it looks

function cellName(data, t, i) {
  if (t.key[i] === ROOT) return t.inverted ? "all leaves" : "all";
  if (t.key[i] === SMALLER) return "(" + t.merged[i] + " smaller)";
  return data.names[t.key[i]];
}

// TEXT cut to so many letters; a name gives up where it belongs first, its own part last.
function clipText(text, most) {
  if (most < 2) return "";
  if (text.length <= most) return text;
  const own = text.replace(/^.*\/(?=[^/]*$)/, "").replace(/^(?:[\w~]+::)+(?=[\w~])/, "");
  return own.length <= most ? own : own.slice(0, most - 1) + "\u2026";
}

// What is written into a cell with room for so many letters. With a base a sign comes first, so that
// colours are not alone in saying what changed: that, and if there is room how much.
function cellLabel(data, t, i, most) {
  const name = cellName(data, t, i), old = t.oldCum[i], now = t.newCum[i];
  if (!data.base || old === now) return clipText(name, most);
  const sign = !old ? "\u271a" : !now ? "\u2716" : now > old ? "\u25b2" : "\u25bc";
  const change = old && now ? formatChange(old, now) + " " : " ";
  const label = sign + change;
  return label.length + 6 > most ? sign + clipText(name, most - 1)
                                 : label + clipText(name, most - label.length);
}

function cellStory(data, t, i, focus) {
  const lines = [];
  const side = (label, old, now) => {
    const share = (v, s) => formatValue(data, v) + " (" + formatShare(v, data.total[s]) + ")";
    if (!data.base || (!old && !now)) return label + " " + share(now, NEW);
    const delta = now - old;
    return label + " " + share(old, OLD) + " \u2192 " + share(now, NEW) + ", " +
      (delta > 0 ? "+" : "") + formatValue(data, delta) + " (" + formatChange(old, now) + ")";
  };
  if (t.inverted) {
    lines.push(side("of the leaf's flat, through here", t.oldCum[i], t.newCum[i]));
  } else {
    lines.push(side("flat", Math.max(0, t.oldFlat[i]), Math.max(0, t.newFlat[i])));
    lines.push(side("cum", t.oldCum[i], t.newCum[i]));
  }
  const part = (of, word) => {
    if (of >= 0 && of !== i && cellWidth(t, of, BOTH))
      lines.push(formatShare(cellWidth(t, i, BOTH), cellWidth(t, of, BOTH)) + " of " + word);
  };
  part(t.parent[i], t.inverted ? "what it calls" : "its caller");
  if (focus > 0 && focus !== t.parent[i]) part(focus, "what is shown");
  return cellName(data, t, i) + (t.inlined[i] ? " (inlined)" : "") + " \u2014 " + lines.join("; ");
}

// data.colors are for black letters on white paper; dark is the same hue, deep enough for white ones.
function shadeOf(data, index, dark) {
  const colour = data.colors[index];
  const channels = [colour >> 16, (colour >> 8) & 255, colour & 255];
  return `rgb(${channels.map((c) => (dark ? Math.max(0, Math.round((c - 127) * 0.9)) + 10 : c))})`;
}

// {fill, ink, hatch, edge}. Without a base data.colors go by data.hues, of each name; with one they are
// steps from -1 (it shrank) to 1 (it grew), then what appeared and what vanished.
function cellLook(data, t, i, dark) {
  const ink = dark ? "#ffffff" : "#101216";
  if (!data.base) {
    if (t.key[i] < 0) return {fill: dark ? "#3a3f48" : "#d9dce1", ink};
    return {fill: shadeOf(data, data.hues[t.key[i]], dark), ink};
  }
  const old = t.oldCum[i], now = t.newCum[i], steps = data.colors.length - 2;
  const growth = old + now ? (now - old) / (old + now) : 0;
  const hatch = !now && old > 0, edge = !old && now > 0;
  const index = edge ? steps : hatch ? steps + 1 : Math.round((growth + 1) / 2 * (steps - 1));
  return {fill: shadeOf(data, index, dark), ink, hatch, edge};
}

// Functions that match a search, and the one that is highlighted.
function markedLook(look, isHit, dark) {
  return isHit ? {fill: dark ? "#ff79f2" : "#c026b8", ink: dark ? "#101216" : "#ffffff", edge: look.edge}
               : {fill: dark ? "#f1e05a" : "#ffd400", ink: "#101216", edge: look.edge};
}
