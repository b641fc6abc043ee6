"use strict";
// The page: draws the part of the tree that is in view on a canvas.

const byId = (id) => document.getElementById(id);
const canvas = byId("cells"), pen = canvas.getContext("2d"), view = byId("view");
const FONT = '12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace';
const systemDark = matchMedia("(prefers-color-scheme: dark)");
let letter = 7; // pixels wide
let hovered = -1, pending = false;

const host = {
  width: () => view.clientWidth,
  refresh: showAll,
  redraw,
  say: (text) => { byId("details").textContent = text; },
  reveal: scrollTo,
  toRoot: () => { view.scrollTop = state.flipped ? room() : 0; },
};

// --- drawing

function rowTop(row) {
  return state.flipped ? room() - (row + 1) * ROW : row * ROW;
}

// The height of the whole drawing.
function room() {
  return Math.max(rows.length * ROW, view.clientHeight);
}

function hatch(target, x, y, w, h, colour) {
  target.save();
  target.beginPath();
  target.rect(x, y, w, h);
  target.clip();
  target.strokeStyle = colour;
  target.lineWidth = 1;
  target.beginPath();
  for (let s = x - h; s < x + w; s += 6) {
    target.moveTo(s, y + h);
    target.lineTo(s + h, y);
  }
  target.stroke();
  target.restore();
}

function drawCell(target, look, x, y, w, h, text) {
  target.fillStyle = look.fill;
  target.fillRect(x, y, w, h);
  if (look.hatch && w > 3) hatch(target, x, y, w, h, look.ink + "55");
  if (look.edge && w > 6) {
    target.strokeStyle = look.ink;
    target.lineWidth = 1.5;
    target.strokeRect(x + 0.75, y + 0.75, w - 1.5, h - 1.5);
  }
  if (!text) return;
  if (look.hatch) { // letters need a quiet ground
    target.fillStyle = look.fill;
    target.fillRect(x + 2, y + 2, Math.min(w - 4, text.length * letter + 4), h - 4);
  }
  target.fillStyle = look.ink;
  target.fillText(text, x + 4, y + h / 2 + 0.5);
}

function draw() {
  pending = false;
  const width = view.clientWidth, height = view.clientHeight, scale = window.devicePixelRatio || 1;
  layOut();
  byId("room").style.height = room() + "px";
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = width + "px";
  canvas.style.height = height + "px";
  pen.setTransform(scale, 0, 0, scale, 0, -view.scrollTop * scale);
  pen.font = FONT;
  pen.textBaseline = "middle";
  letter = pen.measureText("0123456789").width / 10;
  for (let r = 0; r < rows.length; r++) {
    const y = rowTop(r);
    if (y + ROW > view.scrollTop && y < view.scrollTop + height) drawRow(rows[r], y);
  }
  const at = place(state.selected);
  if (at) {
    pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--accent");
    pen.lineWidth = 3;
    pen.strokeRect(at.left + 1.5, rowTop(at.row) + 1, Math.max(at.width - 3, 1), ROW - 3);
  }
}

function drawRow(row, y) {
  for (let k = 0; k < row.cells.length; k++) {
    const i = row.cells[k], w = row.widths[k], look = lookNow(i);
    const most = Math.floor((w - 6) / letter);
    const text = most < 2 ? "" : cellLabel(data, state.tree, i, most);
    pen.globalAlpha = look.faded ? 0.45 : 1;
    drawCell(pen, look, row.lefts[k], y, w > 2 ? w - 0.8 : w, ROW - 1, text);
    pen.globalAlpha = 1;
  }
}

function redraw() {
  if (!pending) {
    pending = true;
    requestAnimationFrame(draw);
  }
}

// The cell under a point of the window, or -1.
function cellAt(x, y) {
  const box = canvas.getBoundingClientRect(), down = y - box.top + view.scrollTop;
  return cellInRow(Math.floor((state.flipped ? room() - down : down) / ROW), x - box.left);
}

function scrollTo(i) {
  const at = place(i), top = at ? rowTop(at.row) : view.scrollTop;
  if (top < view.scrollTop) view.scrollTop = top;
  if (at && top + ROW > view.scrollTop + view.clientHeight)
    view.scrollTop = top + ROW - view.clientHeight;
}

// --- the rest of the page

function showPath() {
  const chain = pathCells(), nav = byId("path");
  nav.textContent = "";
  chain.forEach((i, k) => {
    if (chain.length > 12 && k > 3 && k < chain.length - 7) {
      if (k === 4) nav.append(" \u2026 ");
      return;
    }
    if (k) nav.append("\u203a");
    const last = k === chain.length - 1, item = document.createElement(last ? "b" : "button");
    item.textContent = cellName(data, state.tree, i);
    if (!last) item.addEventListener("click", () => zoom(i));
    nav.append(item);
  });
  const span = document.createElement("span");
  span.textContent = focusText();
  nav.append(" ", span);
}

function showTable() {
  const aside = byId("table");
  if (aside.hidden) return;
  const value = (v) => formatValue(data, v), share = (v) => formatShare(v, data.total[NEW]);
  const list = functionTable(normal, state.tree === normal ? state.focus : 0).slice(0, 200);
  const heads = data.base ? ["flat old", "flat new", "cum old", "cum new", "function"]
                          : ["flat", "flat%", "cum", "cum%", "function"];
  const table = document.createElement("table"), headRow = table.createTHead().insertRow();
  for (const head of heads) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = head;
    headRow.append(cell);
  }
  const body = table.createTBody();
  for (const f of list) {
    const row = body.insertRow(), name = data.names[f.key];
    const numbers = data.base ? [value(f.old), value(f.now), value(f.oldCum), value(f.newCum)]
                              : [value(f.now), share(f.now), value(f.newCum), share(f.newCum)];
    for (const text of [...numbers, name]) row.insertCell().textContent = text;
    row.title = name;
    row.setAttribute("aria-selected", String(f.key === state.marked));
    row.addEventListener("click", () => markFunction(f.key));
  }
  aside.replaceChildren(table);
}

function showLegend() {
  const legend = byId("legend"), t = legendTree();
  legend.textContent = "";
  for (let i = 0; data.base && i < t.count; i++) {
    const box = document.createElement("canvas"), span = document.createElement("span");
    box.width = 36;
    box.height = 28;
    box.style.width = "18px";
    box.style.height = "14px";
    const target = box.getContext("2d");
    target.scale(2, 2);
    drawCell(target, cellLook(data, t, i, state.dark), 0, 0, 18, 14, "");
    span.append(box, LEGEND[i][0]);
    legend.append(span);
  }
  legend.append(legendText());
}

function showAll() {
  byId("theme").textContent = state.dark ? "light" : "dark";
  byId("flip").setAttribute("aria-pressed", String(state.flipped));
  byId("invert").setAttribute("aria-pressed", String(state.tree !== normal));
  byId("functions").setAttribute("aria-pressed", String(!byId("table").hidden));
  byId("side").value = String(state.side);
  byId("back").disabled = !past.length;
  if (byId("search").value !== state.query) byId("search").value = state.query;
  byId("matched").textContent = matchedText();
  hovered = -1;
  showPath();
  showTable();
  showLegend();
  draw();
}

// --- mouse and keys

function toggleTable() {
  byId("table").hidden = !byId("table").hidden;
  showAll();
}

async function copyName() {
  const i = state.selected >= 0 ? state.selected : hovered;
  if (i < 0) return;
  const name = cellName(data, state.tree, i);
  try {
    await navigator.clipboard.writeText(name);
  } catch { // no permission, or an old browser
    const field = document.createElement("textarea");
    field.value = name;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    view.focus();
  }
  host.say("copied: " + name);
}

KEYS.unshift([["/"], () => {
  byId("search").focus();
  byId("search").select();
}, "search: a regular expression or text"]);
KEYS.push(
  [["t"], toggleTable, "table of the functions of what is shown"],
  [["c"], copyName, "copy the name of the cell"],
  [["?"], () => byId("keys").showModal(), "this list"],
);

function fillHelp() {
  const table = document.createElement("table"), close = document.createElement("button");
  for (const [names, , words] of KEYS) {
    const row = table.insertRow(), cell = row.insertCell();
    for (const name of names) {
      const kbd = document.createElement("kbd");
      kbd.textContent = name;
      cell.append(kbd, " ");
    }
    row.insertCell().textContent = words;
  }
  close.textContent = "close";
  close.addEventListener("click", () => byId("keys").close());
  byId("keys").append(table, close);
}

document.addEventListener("keydown", (event) => {
  if (byId("keys").open) return;
  const inSearch = event.target === byId("search"), tag = event.target.tagName;
  if (inSearch && (event.key === "Escape" || event.key === "Enter")) {
    view.focus();
    if (event.key === "Enter") nextMatch(1);
    else clear();
  }
  if (!inSearch && tag !== "SELECT" && !(tag === "BUTTON" && event.key === "Enter")) answerKey(event);
});

canvas.addEventListener("click", (event) => zoom(cellAt(event.clientX, event.clientY)));

canvas.addEventListener("mousemove", (event) => {
  hovered = cellAt(event.clientX, event.clientY);
  const tip = byId("tip");
  tip.hidden = hovered < 0;
  host.say(story(hovered >= 0 ? hovered : state.selected));
  if (hovered < 0) return;
  tip.textContent = byId("details").textContent;
  const box = tip.getBoundingClientRect();
  const left = Math.min(event.clientX + 14, window.innerWidth - box.width - 8);
  const below = event.clientY + 18, fits = below + box.height + 8 < window.innerHeight;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = (fits ? below : event.clientY - box.height - 10) + "px";
});

canvas.addEventListener("mouseleave", () => {
  byId("tip").hidden = true;
  hovered = -1;
  host.say(story(state.selected));
});

view.addEventListener("scroll", redraw);
byId("search").addEventListener("input", (event) => search(event.target.value));
byId("side").addEventListener("change", (event) => changeSide(Number(event.target.value)));
const buttons = {
  reset, back, flip, invert, functions: toggleTable, theme: () => setDark(!state.dark),
  help: () => byId("keys").showModal(),
};
for (const [id, action] of Object.entries(buttons)) byId(id).addEventListener("click", action);
systemDark.addEventListener("change", () => setDark(systemDark.matches));
new ResizeObserver(redraw).observe(view);

state.dark = systemDark.matches;
byId("side").hidden = !data.base;
fillHelp();
host.say(HINT);
showAll();
view.focus();
