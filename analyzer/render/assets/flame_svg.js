"use strict";
// The picture: draws over what was drawn without scripts, in the same place and of the same shapes.

const SVG = "http://www.w3.org/2000/svg", WIDTH = 1200, ABOVE = 48, LETTER = 7.4;
const byId = (id) => document.getElementById(id);
const picture = byId("picture"), cells = byId("cells");
let typing = null; // the search while it is being typed

const host = {
  width: () => WIDTH,
  refresh: showAll,
  redraw: draw,
  say: (text) => {
    const lines = text.match(/.{1,160}(?:\s|$)|.{1,160}/g) || [""], out = byId("details");
    out.textContent = "";
    lines.slice(0, 2).forEach((line, k) => out.append(make("tspan", {x: 8, y: 16 * k}, line)));
  },
  reveal: (i) => {
    const at = place(i);
    if (!at) return;
    const top = picture.getScreenCTM().f + (ABOVE + rowTop(at.row)) * picture.getScreenCTM().d;
    if (top < 0 || top + ROW > window.innerHeight) window.scrollBy(0, top - window.innerHeight / 2);
  },
  toRoot: () => window.scrollTo(0, state.flipped ? document.documentElement.scrollHeight : 0),
};

function make(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

function rowTop(row) {
  return (state.flipped ? rows.length - 1 - row : row) * ROW;
}

// --- drawing: a path per colour, as thousands of elements would be slow

function draw() {
  layOut();
  const t = state.tree, fills = new Map(), hatches = [], edges = [], texts = [];
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r], y = rowTop(r);
    for (let k = 0; k < row.cells.length; k++) {
      const i = row.cells[k], x = row.lefts[k], w = row.widths[k], look = lookNow(i);
      const shown = w > 2 ? w - 0.8 : w, fill = look.fill + (look.faded ? "|" : "");
      if (!fills.has(fill)) fills.set(fill, []);
      fills.get(fill).push(`M${x.toFixed(2)} ${y}h${shown.toFixed(2)}v${ROW - 1}h-${shown.toFixed(2)}z`);
      if (look.hatch && w > 3)
        for (let s = 0; s + 6 < w; s += 6) hatches.push(`M${(x + s).toFixed(1)} ${y + 17}l6 -17`);
      if (look.edge && w > 6)
        edges.push(`M${(x + 0.75).toFixed(2)} ${y + 0.75}h${(w - 2.3).toFixed(2)}v15.5h-${(w - 2.3).toFixed(2)}z`);
      if (w < 4 * LETTER) continue;
      const text = cellLabel(data, t, i, Math.floor((w - 6) / LETTER));
      texts.push(make("text", {class: "cell", x: (x + 4).toFixed(2), y: y + 13, style: `fill:${look.ink}`},
                      text));
      if (look.faded) texts[texts.length - 1].setAttribute("opacity", 0.6);
    }
  }
  const paths = [];
  for (const [fill, parts] of fills) {
    const path = make("path", {fill: fill.replace("|", ""), d: parts.join("")});
    if (fill.endsWith("|")) path.setAttribute("opacity", 0.45);
    paths.push(path);
  }
  cells.replaceChildren(
    make("rect", {width: WIDTH, height: rows.length * ROW, fill: "transparent"}), ...paths,
    make("path", {class: "hatch", d: hatches.join("")}), make("path", {class: "edge", d: edges.join("")}),
    ...texts);
  const height = ABOVE + rows.length * ROW + 60, at = place(state.selected), box = byId("selection");
  picture.setAttribute("height", height);
  picture.setAttribute("viewBox", `0 0 ${WIDTH} ${height}`);
  byId("foot").setAttribute("transform", `translate(0,${height - 44})`);
  box.setAttribute("visibility", at ? "visible" : "hidden");
  if (!at) return;
  box.setAttribute("x", at.left + 1.5);
  box.setAttribute("y", ABOVE + rowTop(at.row) + 1);
  box.setAttribute("width", Math.max(at.width - 3, 1));
  box.setAttribute("height", ROW - 3);
}

// --- words

// [id, text, action]
const BUTTONS = [
  ["search", () => "search (/)", () => { typing = state.query; }],
  ["reset", () => "reset", reset],
  ["back", () => "back", back],
  ["flip", () => (state.flipped ? "icicle" : "flame"), flip],
  ["invert", () => (state.tree === normal ? "inverted" : "not inverted"), invert],
  ["side", () => "widths", () => changeSide((state.side + 2) % 3)],
  ["theme", () => (state.dark ? "light" : "dark"), () => setDark(!state.dark)],
];

function showTools() {
  const tools = byId("tools");
  tools.textContent = "";
  let right = WIDTH - 8;
  for (const [id, text, action] of [...BUTTONS].reverse()) {
    if (id === "side" && !data.base) continue;
    const button = make("text", {
      id, class: "button", x: right, y: 18, "text-anchor": "end", role: "button",
      "aria-disabled": id === "back" && !past.length,
    }, text());
    button.addEventListener("click", () => {
      action();
      showAll();
    });
    tools.append(button);
    right -= (text().length + 3) * LETTER;
  }
}

function showSamples() {
  const samples = byId("samples"), t = legendTree();
  samples.textContent = "";
  for (let i = 0, x = 8; data.base && i < t.count; i++) {
    const look = cellLook(data, t, i, state.dark);
    samples.append(make("rect", {x, y: 26, width: 14, height: 12, fill: look.fill}));
    if (look.edge) samples.append(make("rect", {class: "edge", x, y: 26, width: 14, height: 12}));
    if (look.hatch) samples.append(make("path", {class: "hatch", d: `M${x} 38l6 -12M${x + 6} 38l6 -12`}));
    samples.append(make("text", {class: "faint", x: x + 18, y: 36}, LEGEND[i][0]));
    x += 34 + LEGEND[i][0].length * LETTER;
  }
  byId("legend").setAttribute("x", data.base ? 470 : 8);
  byId("legend").textContent = legendText();
}

function showAll() {
  const names = pathCells().map((i) => cellName(data, state.tree, i));
  if (names.length > 6) names.splice(2, names.length - 5, "\u2026");
  byId("path").textContent = clipText(names.join(" \u203a "), 90) + "  " + focusText();
  byId("matched").textContent =
    typing === null ? matchedText() : `search: ${typing}\u2581  ${matchedText()}`;
  showTools();
  showSamples();
  draw();
}

// --- mouse and keys

function cellAt(event) {
  const matrix = picture.getScreenCTM().inverse();
  const x = event.clientX * matrix.a + matrix.e, y = event.clientY * matrix.d + matrix.f - ABOVE;
  const row = Math.floor(y / ROW);
  return cellInRow(state.flipped ? rows.length - 1 - row : row, x);
}

// A picture has no fields: letters go to the search while one is being typed.
function typeKey(event) {
  if (event.key === "Enter" || event.key === "Escape") {
    typing = null;
    if (event.key === "Escape") search("");
    else update();
    if (event.key === "Enter") nextMatch(1);
  } else if (event.key === "Backspace" || [...event.key].length === 1) {
    typing = event.key === "Backspace" ? [...typing].slice(0, -1).join("") : typing + event.key;
    search(typing);
  } else {
    return;
  }
  event.preventDefault();
}

KEYS.push([["/"], () => {
  typing = state.query;
  showAll();
}, "search"]);

document.addEventListener("keydown", (event) => {
  if (typing === null || event.ctrlKey || event.metaKey || event.altKey) answerKey(event);
  else typeKey(event);
});
cells.addEventListener("click", (event) => zoom(cellAt(event)));
cells.addEventListener("mousemove", (event) => {
  const i = cellAt(event);
  host.say(story(i >= 0 ? i : state.selected));
});
cells.addEventListener("mouseleave", () => host.say(story(state.selected)));

const systemDark = matchMedia("(prefers-color-scheme: dark)");
systemDark.addEventListener("change", () => setDark(systemDark.matches));
host.say(HINT);
setDark(systemDark.matches);
