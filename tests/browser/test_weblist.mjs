// The page `weblist` writes: lines are really clicked, keys really typed.
import {writeFileSync} from "node:fs";
import {check, cpprof, equal, run} from "./check.mjs";
import {open} from "./webdriver.mjs";

const WAVES = ["tests/data/waves/waves-x86_64", "tests/data/waves/waves-x86_64.txt"];
const SOURCES = "-source_path=tests/data/waves";

// In the page: what is seen of line NUMBER of the function NAME, and how it stands.
const LINE = `
  const section = [...document.querySelectorAll("main > section")]
    .find((s) => s.querySelector("h2").textContent === arguments[0]);
  const line = [...section.querySelectorAll(".l")]
    .find((l) => l.querySelector("b").textContent === arguments[1]);
  const below = line.nextElementSibling;
  const seen = below && below.matches(".a") && below.offsetHeight > 0;
  const box = line.getBoundingClientRect();
  return {
    text: line.querySelector("code").textContent, flat: line.children[1].textContent,
    cum: line.children[2].textContent, expanded: line.getAttribute("aria-expanded"), seen,
    rows: seen ? [...below.children].map((r) => r.querySelector("code")?.textContent ?? "gap") : [],
    x: box.left + box.width / 2, y: box.top + box.height / 2, here: line.classList.contains("here"),
  };`;

const HERE = `
  const here = document.querySelector(".here"), box = here.getBoundingClientRect();
  return {focused: document.activeElement === here, inSight: box.top > 40 && box.bottom < innerHeight,
          line: here.querySelector("b").textContent, rank: document.getElementById("rank").value};`;

const line = (browser, name, number) => browser.run(LINE, name, String(number));

async function testClicks(browser) {
  const before = await line(browser, "sum", 19);
  equal("a line", [before.text, before.flat, before.cum, before.expanded, before.seen],
        ["        all += wave(numbers[i], count);", "85", "85", "false", false]);
  await browser.run("document.querySelector('#h1').scrollIntoView({block: 'center'})");
  let {x, y} = await line(browser, "sum", 19);
  await browser.click(x, y);
  const opened = await line(browser, "sum", 19);
  equal("a click shows instructions", [opened.expanded, opened.seen], ["true", true]);
  equal("inlined calls stand above their instructions", opened.rows.slice(0, 8), [
    "movq   (%rdi, %rcx, 8), %r8", "long up = square(n % height);", "movq   %r8, %rax", "cqto",
    "idivq  %rsi", "return n * n;", "imulq  %rdx, %rdx", "return n & 1 ? -up : up;"]);
  await browser.click(x, y);
  check("another click hides them", !(await line(browser, "sum", 19)).seen);
  const without = await line(browser, "sum", 16);
  equal("a line without instructions", [without.expanded, without.flat], [null, "."]);
}

async function testKeys(browser) {
  const rank = [];
  await browser.type("n");
  equal("n goes to the hottest line", await browser.run(HERE),
        {focused: true, inSight: true, line: "19", rank: "1 of 4"});
  for (let i = 0; i < 4; i++) {
    await browser.type("n");
    rank.push((await browser.run(HERE)).line);
  }
  equal("n goes on by heat, and around", rank, ["18", "32", "30", "19"]);
  await browser.type("N");
  equal("N goes back", (await browser.run(HERE)).rank, "4 of 4");
  await browser.type("n\ue007");
  check("Enter shows instructions", (await line(browser, "sum", 19)).seen);
  await browser.type(" ");
  check("a blank hides them", !(await line(browser, "sum", 19)).seen);
  const open = "return document.querySelectorAll('.a:not([hidden])').length";
  await browser.type("a");
  const all = await browser.run("return document.querySelectorAll('.a').length");
  equal("a shows all instructions", await browser.run(open), all);
  await browser.type("a");
  equal("and hides them", await browser.run(open), 0);
  const paper = "return getComputedStyle(document.body).backgroundColor";
  await browser.type("d");
  equal("d turns the light off", await browser.run(paper), "rgb(22, 24, 29)");
  await browser.type("d");
  equal("and on", await browser.run(paper), "rgb(255, 255, 255)");
  await browser.type("?");
  check("? lists the keys", await browser.run("return document.getElementById('keys').open"));
  await browser.type("\ue00c");
  await browser.type("t");
  await browser.press("nav a[href='#h2']");
  equal("the list leads to a line", await browser.run("return location.hash"), "#h2");
}

await run(async (folder) => {
  writeFileSync(`${folder}/waves.html`, cpprof("weblist", "sum|start", SOURCES, ...WAVES));
  writeFileSync(`${folder}/go.html`, cpprof("weblist", ".", "-source_path=examples/go",
                                            "-trim_path=example.com/shop", "examples/go/cpu.pb.gz"));
  const browser = await open();
  try {
    await browser.go(`file://${folder}/waves.html`);
    await testClicks(browser);
    await testKeys(browser);
    await browser.go(`file://${folder}/go.html`);
    equal("a page without a binary", (await line(browser, "main.fold", 169)).flat, "170ms");
    equal("nothing is wrong", await browser.log(), []);
  } finally {
    await browser.close();
  }
});
