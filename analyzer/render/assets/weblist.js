"use strict";
// The page is complete without this; it shows and hides instructions and goes to the hottest lines,
// whose ids are h1, h2, ... in that order.

const byId = (id) => document.getElementById(id);
const hot = [];
for (let line; (line = byId("h" + (hot.length + 1))); ) hot.push(line);
let rank = -1;

// The instructions of a line, which follow it.
function show(line, shown) {
  line.setAttribute("aria-expanded", shown);
  line.nextElementSibling.hidden = !shown;
}

function toggle(line) {
  show(line, line.getAttribute("aria-expanded") !== "true");
}

function goTo(index) {
  if (!hot.length) return;
  if (rank >= 0) hot[rank].classList.remove("here");
  rank = (index + hot.length) % hot.length;
  hot[rank].classList.add("here");
  hot[rank].scrollIntoView({ block: "center" });
  hot[rank].focus({ preventScroll: true });
  byId("rank").value = `${rank + 1} of ${hot.length}`;
}

function toggleAll() {
  const all = byId("all");
  const shown = all.getAttribute("aria-pressed") !== "true";
  all.setAttribute("aria-pressed", shown);
  for (const line of document.querySelectorAll(".l[role]")) show(line, shown);
}

// The section that begins after the top of the window, or before it.
function goToSection(step) {
  const sections = [...document.querySelectorAll("main > section")];
  const top = byId("next").closest("header").offsetHeight + 30;
  const offsets = sections.map((s) => s.getBoundingClientRect().top - top);
  const next = step > 0 ? offsets.findIndex((o) => o > 1) : offsets.findLastIndex((o) => o < -1);
  if (next >= 0) sections[next].scrollIntoView();
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function nameTheme() {
  byId("theme").textContent = isDark() ? "light" : "dark";
}

function toggleTheme() {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
}

const actions = {
  n: () => goTo(rank + 1),
  N: () => goTo(rank < 0 ? -1 : rank - 1),
  a: toggleAll,
  j: () => goToSection(1),
  k: () => goToSection(-1),
  t: () => scrollTo(0, 0),
  d: toggleTheme,
  "?": () => byId("keys").showModal(),
};

document.addEventListener("click", (event) => {
  const line = event.target.closest(".l[role]");
  // Whoever marks text does not want it to jump.
  if (line && getSelection().isCollapsed) toggle(line);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("keys").open) return;
  const line = event.target.closest(".l[role]");
  if (line && (event.key === "Enter" || event.key === " ")) {
    toggle(line);
    event.preventDefault();
  } else if (Object.hasOwn(actions, event.key)) {
    actions[event.key]();
    event.preventDefault();
  }
});

byId("next").addEventListener("click", actions.n);
byId("previous").addEventListener("click", actions.N);
byId("all").addEventListener("click", toggleAll);
byId("theme").addEventListener("click", toggleTheme);
byId("help").addEventListener("click", actions["?"]);
nameTheme();
