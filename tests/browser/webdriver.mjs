// A browser to be clicked in: a client of WebDriver (https://www.w3.org/TR/webdriver2/), as little of it as
// the tests use, for Debian's chromium and chromium-driver. Node's own fetch does the talking.
//
//     const browser = await open({dark: false, width: 1200, height: 800});
//     await browser.go("file:///tmp/page.html");
//     await browser.click(x, y);  await browser.type("r");  await browser.run("return document.title");
//     await browser.close();
//
// Everything runs locally: the browser keeps its files in a folder of its own, which close() removes,
// and looks nothing up in a network.
import {spawn} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";

// WebDriver's code points for keys that have no character.
export const KEYS = {
  Backspace: "\ue003", Enter: "\ue007", Shift: "\ue008", Alt: "\ue00a", Escape: "\ue00c",
  ArrowLeft: "\ue012", ArrowUp: "\ue013", ArrowRight: "\ue014", ArrowDown: "\ue015",
};

const ARGUMENTS = [
  "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
  "--disable-dev-shm-usage", "--hide-scrollbars", "--force-device-scale-factor=1",
];

// The port a chromedriver listens on, from what it prints.
function portOf(driver) {
  return new Promise((resolve, reject) => {
    let said = "";
    const read = (text) => {
      said += text;
      const found = /started successfully on port (\d+)/.exec(said);
      if (found) resolve(Number(found[1]));
    };
    driver.stdout.on("data", read);
    driver.stderr.on("data", read);
    driver.on("error", reject);
    driver.on("exit", (status) => reject(new Error(`chromedriver ended with ${status}: ${said}`)));
  });
}

export async function open({dark = false, width = 1200, height = 800} = {}) {
  const folder = mkdtempSync(join(tmpdir(), "cpprof-browser-"));
  const driver = spawn("chromedriver", ["--port=0"], {stdio: ["ignore", "pipe", "pipe"]});
  const base = `http://127.0.0.1:${await portOf(driver)}`;
  let session = "";

  async function call(method, path, body) {
    const answer = await fetch(base + session + path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
    });
    const {value} = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  async function close() {
    if (session) await call("DELETE", "").catch(() => {});
    await new Promise((resolve) => {
      driver.on("exit", resolve);
      driver.kill();
    });
    rmSync(folder, {recursive: true, force: true, maxRetries: 5});
  }

  const args = [...ARGUMENTS, `--user-data-dir=${folder}`, `--window-size=${width},${height}`];
  if (dark) args.push("--blink-settings=preferredColorScheme=0");
  try {
    const started = await call("POST", "/session", {
      capabilities: {alwaysMatch: {
        "goog:chromeOptions": {args},
        "goog:loggingPrefs": {browser: "ALL"},
      }},
    });
    session = `/session/${started.sessionId}`;
  } catch (error) {
    await close();
    throw error;
  }

  // Moves there and presses the left button, as a hand does.
  const pointer = (actions) => call("POST", "/actions", {
    actions: [{type: "pointer", id: "mouse", parameters: {pointerType: "mouse"}, actions}],
  });
  const move = (x, y) => ({type: "pointerMove", duration: 0, x: Math.round(x), y: Math.round(y)});

  return {
    close,
    go: (url) => call("POST", "/url", {url}),
    // The value of SCRIPT's return statement, run in the page; ARGS are its arguments.
    run: (script, ...args) => call("POST", "/execute/sync", {script, args}),
    hover: (x, y) => pointer([move(x, y)]),
    click: (x, y) => pointer([move(x, y), {type: "pointerDown", button: 0},
                              {type: "pointerUp", button: 0}]),
    doubleClick: (x, y) => pointer([move(x, y), {type: "pointerDown", button: 0},
                                    {type: "pointerUp", button: 0}, {type: "pointerDown", button: 0},
                                    {type: "pointerUp", button: 0}]),
    drag: (x, y, toX, toY) => pointer([move(x, y), {type: "pointerDown", button: 0},
                                       move(toX, toY), {type: "pointerUp", button: 0}]),
    wheel: (x, y, deltaY) => call("POST", "/actions", {
      actions: [{type: "wheel", id: "wheel", actions: [
        {type: "scroll", duration: 0, x: Math.round(x), y: Math.round(y), deltaX: 0, deltaY}]}],
    }),
    // Presses keys one after the other, each a character or one of KEYS, with HELD down meanwhile.
    async type(keys, held = []) {
      const press = (value) => ({type: "keyDown", value}), release = (value) => ({type: "keyUp", value});
      const actions = [...held.map(press), ...[...keys].flatMap((k) => [press(k), release(k)]),
                       ...held.map(release)];
      await call("POST", "/actions", {actions: [{type: "key", id: "keyboard", actions}]});
    },
    // Clicks the middle of the element a CSS selector finds.
    async press(selector) {
      const element = await call("POST", "/element", {using: "css selector", value: selector});
      await call("POST", `/element/${Object.values(element)[0]}/click`, {});
    },
    async screenshot(file) {
      writeFileSync(file, Buffer.from(await call("GET", "/screenshot"), "base64"));
    },
    // What the page said on its console since the last call, errors and refusals of its content
    // security policy included; without advice on how to draw faster.
    log: async () => (await call("POST", "/se/log", {type: "browser"}))
      .filter((entry) => entry.source !== "rendering"),
  };
}
