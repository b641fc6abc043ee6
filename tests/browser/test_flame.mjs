// The flame graph page and picture: really clicked, searched and typed at.
import {readFileSync, writeFileSync} from "node:fs";
import {check, cpprof, equal, run} from "./check.mjs";
import {KEYS, open} from "./webdriver.mjs";

const GO = "examples/go/cpu.pb.gz";
const BASE = ["-base=examples/go/cpu-before.pb.gz", "examples/go/cpu-after.pb.gz"];

// Names that would like to be more than names, as folded stacks.
const HOSTILE = [
  "</script><script>document.title='broken out'</script>",
  "<!--<script>", "]]><script>document.title='broken out'</script>", "\"'&amp;<b>", "\u2028\u2029\u0085",
];

// In the page: where the middle of the first cell of that name is, in the window.
const WHERE = `
  const t = state.tree, name = arguments[0];
  layOut();
  for (let i = 0; i < t.count; i++) {
    const at = place(i);
    if (!at || cellName(data, t, i) !== name) continue;
    if (typeof canvas === "undefined") {
      const m = picture.getScreenCTM();
      return [m.e + m.a * (at.left + at.width / 2), m.f + m.d * (ABOVE + rowTop(at.row) + ROW / 2), at.width, i];
    }
    const box = canvas.getBoundingClientRect();
    return [box.left + at.left + at.width / 2, box.top + rowTop(at.row) - view.scrollTop + ROW / 2, at.width, i];
  }
  return null;`;

// In the page: how many colours there are among the pixels of that cell, less its edge and text.
const COLOURS = `
  draw();
  const at = place(arguments[0]), y = rowTop(at.row) - view.scrollTop;
  const scale = window.devicePixelRatio || 1;
  const image = pen.getImageData((at.left + at.width * 0.7) * scale, (y + 3) * scale,
                                 Math.max(1, at.width * 0.25 * scale), (ROW - 7) * scale).data;
  const seen = new Set();
  for (let i = 0; i < image.length; i += 4) seen.add((image[i] << 16) | (image[i + 1] << 8) | image[i + 2]);
  return [...seen];`;

const TEXT = "return document.getElementById(arguments[0]).textContent.trim()";

function at(browser) {
  return {
    where: (name) => browser.run(WHERE, name),
    text: (id) => browser.run(TEXT, id),
    focus: () => browser.run("return cellName(data, state.tree, state.focus)"),
    selected: () => browser.run("return state.selected < 0 ? null : cellName(data, state.tree, state.selected)"),
    async click(name) {
      const [x, y] = await browser.run(WHERE, name);
      await browser.click(x, y);
    },
  };
}

// What must hold of page and picture alike.
async function testBoth(browser, kind, url) {
  const {where, text, focus, selected, click} = at(browser), say = (what) => `${kind}: ${what}`;
  await browser.go(url);
  equal(say("nothing is refused or wrong"), await browser.log(), []);
  equal(say("nothing is fetched"), await browser.run("return performance.getEntriesByType('resource').length"), 0);

  // hover
  const worker = await where("main.(*shop).worker");
  await browser.hover(worker[0], worker[1]);
  check(say("hover tells flat and cum"),
        /^main\.\(\*shop\)\.worker — flat 0 \(0%\); cum 2\.54s \(96\.21%\)/.test(await text("details")),
        await text("details"));

  // zoom
  const before = (await where("main.(*shop).cart"))[2];
  await click("main.(*shop).cart");
  equal(say("a click zooms"), await focus(), "main.(*shop).cart");
  equal(say("to the whole width"), (await where("main.(*shop).cart"))[2] > 2 * before, true);
  check(say("the path is shown"), /main\.\(\*shop\)\.cart.* 1\.17s \(44\.32%\)$/.test(await text("path")), await text("path"));
  equal(say("ancestors stay"), (await where("all"))[2], (await where("main.(*shop).cart"))[2]);
  equal(say("what is beside is gone"), await where("main.(*shop).checkout"), null);
  await click("encoding/json.Unmarshal");
  equal(say("a click zooms on"), await focus(), "encoding/json.Unmarshal");
  await browser.type([KEYS.Backspace]);
  equal(say("Backspace goes back"), await focus(), "main.(*shop).cart");
  await browser.type([KEYS.ArrowLeft], [KEYS.Alt]);
  equal(say("Alt and left, too"), await focus(), "all");
  await click("main.(*shop).search");
  await browser.type("r");
  equal(say("r resets"), await focus(), "all");
  await click("main.(*shop).search");
  await browser.press("#reset");
  equal(say("the button resets"), await focus(), "all");

  // search: as much as focus keeps, and recursion is counted once
  for (const query of ["crc32", "main.fold", "mallocgc|Regexp"]) {
    const kept = JSON.parse(cpprof("flame", "--format=json", "-focus=" + query, GO)).rows[0].cum;
    await browser.type("/" + query);
    const share = (100 * kept / 2640e6).toFixed(2);
    check(say(`search for ${query} matches ${share}%`), (await text("matched")).includes(`(${share}%) in `),
          await text("matched"));
    await browser.type([KEYS.Escape]);
    await browser.type([KEYS.Escape]);
    equal(say("Escape ends the search"), await browser.run("return found"), null);
  }
  await browser.type("/(*shop");
  check(say("no regular expression is text"), /in [1-9][0-9]* cells/.test(await text("matched")), await text("matched"));
  await browser.type([KEYS.Enter]);
  check(say("Enter goes to a match"), (await selected() || "").includes("(*shop"), await selected());
  const first = await selected();
  await browser.type("n");
  check(say("n goes to the next"), (await selected()).includes("(*shop") && await selected() !== first);
  await browser.type("N");
  equal(say("N goes back"), await selected(), first);
  await browser.type("r");
  check(say("reset ends the search"), !(await text("matched")).includes("matched"));

  // keys
  await browser.type([KEYS.ArrowDown]);
  equal(say("an arrow selects the root"), await selected(), "all");
  await browser.type([KEYS.ArrowDown]);
  equal(say("down is the heaviest callee"), await selected(), "main.(*shop).worker");
  await browser.type("jjjjkl");
  equal(say("hjkl move, too"), await selected(), await browser.run(
    "return cellName(data, state.tree, rows[4].cells[1])"));
  await browser.type("h");
  equal(say("h is left"), await selected(), "main.(*shop).answer.func1");
  await browser.type([KEYS.ArrowUp, KEYS.ArrowUp]);
  equal(say("up is the caller"), await selected(), "main.(*shop).answer");
  await browser.type([KEYS.Enter]);
  equal(say("Enter zooms"), await focus(), "main.(*shop).answer");
  await browser.type("0");
  equal(say("0 resets, too"), await focus(), "all");

  // inverted: the first functions are those of top
  await browser.type("b");
  const top = cpprof("top", "--format=csv", "-nodecount=1", GO).split("\n")[1].split(",");
  equal(say("inverted begins with top's first"), await browser.run(
    "return [cellName(data, state.tree, 1), state.tree.newCum[1] * data.scale]"), [top[0], Number(top[1])]);
  await browser.type([KEYS.Backspace]);
  equal(say("back is not inverted"), await browser.run("return state.tree === normal"), true);
  await browser.press("#invert");
  equal(say("the button inverts"), await browser.run("return state.tree === inverse"), true);
  await browser.press("#invert");

  // flame
  const high = (await where("main.(*shop).worker"))[1];
  await browser.type("i");
  check(say("i puts the root at the bottom"), (await where("main.(*shop).worker"))[1] > high ||
        (await where("all"))[1] > (await where("main.(*shop).worker"))[1]);
  await click("main.(*shop).cart");
  equal(say("clicks find cells there"), await focus(), "main.(*shop).cart");
  await browser.type("ri");
  equal(say("still nothing is wrong"), await browser.log(), []);
}

async function testPage(browser, url) {
  const {where, text, click} = at(browser), colours = (i) => browser.run(COLOURS, i);
  await browser.go(url);
  const cart = (await where("main.(*shop).cart"))[3], fold = (await where("main.fold"))[3];
  equal("page: a cell has one colour", (await colours(cart)).length, 1);
  const plain = await colours(fold);
  await browser.type("/main.fold");
  equal("page: a match has another", await colours(fold), [0xc026b8]);
  check("page: the rest is faded", (await colours(cart))[0] !== plain[0]);
  await browser.type([KEYS.Escape]);
  equal("page: and has its own again", await colours(fold), plain);
  const [x, y] = await where("main.fold");
  await browser.hover(x, y);
  check("page: hover shows a tip", await browser.run("return !tip.hidden && /^main.fold — flat/.test(tip.textContent)"));
  await click("main.fold");
  await browser.type("r");
  await browser.type([KEYS.ArrowDown, "j", "#"]);
  equal("page: # highlights the function", await colours((await where("main.(*shop).worker"))[3]), [0xffd400]);
  await browser.type([KEYS.Escape]);
  await browser.type("c");
  // the clipboard answers when it is done
  for (let i = 0; i < 50 && !(await text("details")).startsWith("copied"); i++)
    await new Promise((done) => setTimeout(done, 50));
  equal("page: c copies", await text("details"), "copied: main.(*shop).worker");
  await browser.type("?");
  check("page: ? lists the keys", await browser.run("return keys.open && keys.textContent.includes('inverted')"));
  await browser.type([KEYS.Escape]);
  check("page: Escape closes it", !(await browser.run("return keys.open")));
  await browser.type("t");
  const top = cpprof("top", "-nodecount=1", "-unit=auto", GO).split("\n");
  const row = await browser.run("return [...document.querySelector('#table tbody tr').cells].map((c) => c.textContent)");
  equal("page: t lists functions as top does", [row[0], row[1], row[4]],
        (([flat, share, , , , name]) => [flat, share, name])(top[top.length - 2].trim().split(/\s+/)));
  await browser.type("t");
  const paper = () => browser.run("return getComputedStyle(document.body).backgroundColor");
  equal("page: white", await paper(), "rgb(255, 255, 255)");
  await browser.type("d");
  equal("page: d is dark", await paper(), "rgb(22, 24, 29)");
  check("page: cells too", (await colours(fold))[0] !== plain[0]);
  await click("main.(*shop).cart");
  await browser.run("[...document.querySelectorAll('#path button')].find((b) => b.textContent === 'main.(*shop).answer').click()");
  equal("page: the path can be clicked", await browser.run("return cellName(data, state.tree, state.focus)"), "main.(*shop).answer");
  check("page: a policy without exceptions", await browser.run(
    "return /default-src 'none'/.test(document.querySelector('meta[http-equiv]').content) && " +
    "!/unsafe/.test(document.querySelector('meta[http-equiv]').content)"));
}

// In the page: cells of the tree with both sides, first of each kind that is wide enough.
const KINDS = `
  const t = state.tree, wide = (i) => (place(i) || {width: 0}).width > 40;
  const kinds = {
    appeared: (o, n) => !o && n, vanished: (o, n) => o && !n, shrank: (o, n) => o > n && n, grew: (o, n) => n > o && o};
  layOut();
  const of = {};
  for (const [name, is] of Object.entries(kinds))
    for (let i = 1; i < t.count && of[name] === undefined; i++)
      if (!t.merged[i] && wide(i) && is(t.oldCum[i], t.newCum[i])) of[name] = i;
  return of;`;

async function testDiff(browser, url) {
  const colours = (i) => browser.run(COLOURS, i);
  await browser.go(url);
  equal("diff: nothing is wrong", await browser.log(), []);
  const kinds = await browser.run(KINDS);
  equal("diff: what shrank has a plain colour", (await colours(kinds.shrank)).length, 1);
  check("diff: what vanished is hatched", (await colours(kinds.vanished)).length > 1);
  check("diff: growth and shrinkage differ", (await colours(kinds.grew))[0] !== (await colours(kinds.shrank))[0]);
  const labels = await browser.run("return arguments[0].map((i) => cellLabel(data, state.tree, i, 50)[0])",
                                   [kinds.grew, kinds.shrank, kinds.vanished]);
  equal("diff: signs say it too", labels, ["▲", "▼", "✖"]);
  const legend = await browser.run(TEXT, "legend");
  for (const word of ["appeared", "grew", "shrank", "vanished", "old and new together"])
    check(`diff: the legend explains ${word}`, legend.includes(word), legend);
  const sums = cpprof("flame", "--format=json", ...BASE);
  const root = JSON.parse(sums).rows[0].cum;
  equal("diff: both sums are there", await browser.run("return [normal.oldCum[0] * data.scale, normal.newCum[0] * data.scale]"),
        [root.old, root.new]);
  await browser.type("w");
  equal("diff: w makes widths of new", await browser.run("return [state.side, place(arguments[0])]", kinds.vanished), [1, null]);
  await browser.type("w");
  check("diff: and of old", await browser.run("return state.side === 0 && place(arguments[0]) !== null", kinds.vanished));
  await browser.type("/regexp");
  check("diff: matches are counted on both sides", /^matched .+ → .+ in /.test(await browser.run(TEXT, "matched")));
}

async function testHostile(browser, folder) {
  const stacks = `${folder}/hostile.folded`;
  writeFileSync(stacks, HOSTILE.map((name) => `main;${name.replaceAll(";", "")} 5\n`).join(""));
  for (const end of ["html", "svg"]) {
    cpprof("flame", "-symbolize=none", "-o", `${folder}/hostile.${end}`, stacks); // names as they are
    await browser.go(`file://${folder}/hostile.${end}`);
    equal(`hostile names in ${end}: nothing runs`, await browser.log(), []);
    const title = await browser.run("return document.title");
    check(`hostile names in ${end}: the title stays`, !title.includes("broken"), title);
    const names = await browser.run("return data.names");
    for (const name of HOSTILE)
      check(`hostile names in ${end}: ${JSON.stringify(name)} is whole`, names.includes(name.replaceAll(";", "")),
            JSON.stringify(names));
  }
}

// What is drawn where no scripts run.
function testStatic(folder) {
  const text = cpprof("flame", "--format=svg", "-focus=search", "-show=main", "examples/go/mutex.pb.gz");
  const cells = /<g id="cells"[^]*?<\/g>\n/.exec(text)[0];
  equal("picture: what is there without scripts", cells, readFileSync("tests/browser/flame_cells.svg", "utf8"));
  const diff = cpprof("flame", "--format=svg", ...BASE);
  check("picture: signs say what changed without scripts", diff.includes(">▼main.(*shop).answer<") && /x="[^"]+" y="\d+">✖main/.test(diff));
  check("picture: has a size", /<svg [^>]*width="1200" height="\d+" viewBox/.test(text));
  writeFileSync(`${folder}/static.svg`, text);
}

await run(async (folder) => {
  const file = (name) => `file://${folder}/${name}`;
  for (const end of ["html", "svg"]) {
    cpprof("flame", "-o", `${folder}/flame.${end}`, GO);
    cpprof("flame", "-o", `${folder}/diff.${end}`, ...BASE);
  }
  testStatic(folder);
  const browser = await open();
  try {
    await testBoth(browser, "page", file("flame.html"));
    await testBoth(browser, "picture", file("flame.svg"));
    await testPage(browser, file("flame.html"));
    await testDiff(browser, file("diff.html"));
    await browser.go(file("diff.svg"));
    equal("picture of a diff: nothing is wrong", await browser.log(), []);
    await testHostile(browser, folder);
  } finally {
    await browser.close();
  }
  const night = await open({dark: true});
  try {
    await night.go(file("flame.html"));
    equal("page: dark as the system is", await night.run("return [state.dark, getComputedStyle(document.body).backgroundColor]"),
          [true, "rgb(22, 24, 29)"]);
    await night.go(file("flame.svg"));
    equal("picture: dark as the system is", await night.run(
      "return getComputedStyle(document.querySelector('.paper')).fill"), "rgb(22, 24, 29)");
  } finally {
    await night.close();
  }
});
