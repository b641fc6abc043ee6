// What a hand does with the SVG of a call graph, done in a browser.
//
// usage: node graph.mjs FOLDER [PICTURE]    FOLDER has graph.svg, and small.svg with two nodes; PICTURE is
//                                           where to put a screenshot
import {open, KEYS} from "./webdriver.mjs";

const [folder, picture] = process.argv.slice(2);
let passed = 0, failed = 0;

function check(name, good, ...seen) {
  if (good) {
    passed++;
  } else {
    failed++;
    console.log(`--- ${name}:`, ...seen);
  }
}
const near = (a, b, by = 1) => Math.abs(a - b) <= by;

const browser = await open({width: 1200, height: 800});

// Where the node of that name is in the window, and how wide.
const where = (name) => browser.run(`
  const node = [...document.querySelectorAll(".node")].find(
    (n) => n.querySelector("title").textContent === arguments[0]);
  const box = node.querySelector("polygon").getBoundingClientRect();
  return {x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width};`, name);
const window_ = () => browser.run("return {width: innerWidth, height: innerHeight}");

try {
  await browser.go(`file://${folder}/graph.svg`);
  const size = await window_();
  const graph = () => browser.run(`
    const box = document.querySelector("#graph0").getBoundingClientRect();
    return {left: box.left, top: box.top, right: box.right, bottom: box.bottom, width: box.width};`);

  let all = await graph();
  check("all of the graph is in the window",
        all.left >= -1 && all.top >= -1 && all.right <= size.width + 1 && all.bottom <= size.height + 1, all, size);
  check("and fills it", near(all.bottom - all.top, size.height, 5), all, size);

  // The wheel zooms at the pointer: what is there stays there.
  const before = await where("N1");
  await browser.wheel(before.x, before.y, -300);
  let after = await where("N1");
  check("the wheel zooms in", after.width > before.width * 1.5, before, after);
  check("at the pointer", near(after.x, before.x) && near(after.y, before.y), before, after);
  await browser.wheel(before.x, before.y, 300);
  after = await where("N1");
  check("and out again", near(after.width, before.width, 0.1), before, after);

  await browser.drag(100, 100, 250, 180);
  after = await where("N1");
  check("a drag pans", near(after.x, before.x + 150) && near(after.y, before.y + 80), before, after);
  check("and does not pick", await browser.run("return !document.querySelector('.lit')"));

  await browser.type("0");
  after = await where("N1");
  check("0 shows all again", near(after.x, before.x) && near(after.y, before.y), before, after);

  await browser.type("+");
  after = await where("N1");
  check("+ zooms in", near(after.width, before.width * 1.25, 0.5), before, after);
  await browser.type("-");
  after = await where("N1");
  check("- zooms out", near(after.width, before.width, 0.5), before, after);
  for (const [key, x, y] of [["ArrowLeft", 1, 0], ["ArrowRight", -1, 0], ["ArrowUp", 0, 1], ["ArrowDown", 0, -1]]) {
    await browser.type("0");
    await browser.type([KEYS[key]]);
    after = await where("N1");
    check(key, Math.sign(Math.round(after.x - before.x)) === x && Math.sign(Math.round(after.y - before.y)) === y,
          before, after);
  }
  await browser.type("0");
  await browser.wheel(400, 400, -200);
  const here = [20, 20];
  await browser.doubleClick(...here);
  after = await where("N1");
  check("a double click shows all again", near(after.x, before.x) && near(after.width, before.width), before, after);

  // Two fingers, which WebDriver moves as well; here as the events they are.
  await browser.run(`
    const root = document.documentElement;
    root.setPointerCapture = () => {};
    const finger = (type, id, x, y) => root.dispatchEvent(new PointerEvent(type,
      {pointerId: id, pointerType: "touch", button: type === "pointermove" ? -1 : 0, clientX: x, clientY: y, bubbles: true}));
    const {x, y} = arguments[0];
    finger("pointerdown", 1, x - 50, y);
    finger("pointerdown", 2, x + 50, y);
    finger("pointermove", 1, x - 100, y);
    finger("pointermove", 2, x + 100, y);
    finger("pointerup", 1, x - 100, y);
    finger("pointerup", 2, x + 100, y);`, before);
  after = await where("N1");
  check("a pinch zooms", near(after.width, before.width * 2, 1), before, after);
  check("where the fingers are", near(after.x, before.x) && near(after.y, before.y), before, after);
  await browser.run("location.reload()");

  // A click shows a node's edges alone.
  const lit = () => browser.run(`
    return {picked: document.documentElement.classList.contains("picked"),
            edges: [...document.querySelectorAll(".edge.lit")].map((e) => e.querySelector("title").textContent),
            nodes: document.querySelectorAll(".node.lit").length};`);
  await browser.click(before.x, before.y);
  let now = await lit();
  check("a click picks a node", now.picked && now.edges.length > 0 &&
        now.edges.every((e) => e.split("->").includes("N1")) && now.nodes > 1, now);
  const count = await browser.run(`
    return [...document.querySelectorAll(".edge")].filter((e) =>
      e.querySelector("title").textContent.split("->").includes("N1")).length`);
  check("all its edges", now.edges.length === count, now.edges, count);
  check("the others are pale", await browser.run(`
    return Number(getComputedStyle(document.querySelector(".edge:not(.lit)")).opacity) < 0.5`));
  if (picture)
    await browser.screenshot(picture);
  await browser.type([KEYS.Escape]);
  now = await lit();
  check("Escape unpicks", !now.picked && now.edges.length === 0, now);
  await browser.click(before.x, before.y);
  await browser.click(...here);
  check("a click beside unpicks", !(await lit()).picked);

  // The pointer is shown the title of the innermost element that has one.
  const title = await browser.run(`
    const {x, y} = arguments[0];
    let at = document.elementFromPoint(x, y);
    while (![...at.children].some((c) => c.localName === "title")) at = at.parentNode;
    return [...at.children].find((c) => c.localName === "title").textContent;`, before);
  check("the full name is shown", /^[a-z/]+\..* \(.*s\)$/.test(title), title);
  check("the page has a title", await browser.run("return document.title") === "shop");

  await browser.go(`file://${folder}/small.svg`);
  all = await graph();
  check("a small graph is not blown up", all.width < 1200 * 0.9, all);

  const log = await browser.log();
  check("nothing to complain about", log.length === 0, log);
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
