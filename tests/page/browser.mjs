/** A browser for the stories, and what every one of them must hold: no error on the console, no request to another host. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--font-render-hinting=none",
];
const INSTALLED = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

export class NoBrowser extends Error {}

/** $CHROMIUM, the system's, or the one that an npm package carries (with the libraries that a bare machine lacks):
 * CHROMIUM=carried takes that one at once. Throws `NoBrowser` where none of them runs. */
export async function launched() {
  const asked = process.env.CHROMIUM;
  const own = asked === "carried" ? undefined : asked || INSTALLED.find((path) => existsSync(path));
  if (own) return chromium.launch({ executablePath: own, args: FLAGS });
  const carried = await import("@sparticuz/chromium");
  const bin = join(createRequire(import.meta.url).resolve("@sparticuz/chromium"), "../../bin");
  await carried.inflate(join(bin, "al2023.tar.br"));
  const libraries = [process.env.LD_LIBRARY_PATH, join(tmpdir(), "al2023/lib")].filter(Boolean).join(":");
  const settings = {
    executablePath: await carried.default.executablePath(),
    args: [...FLAGS, "--headless=shell"],
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  };
  return chromium.launch(settings).catch((failure) => {
    throw new NoBrowser(`no Chromium is installed, and the one of @sparticuz/chromium does not run here: ${failure.message.split("\n")[0]}`);
  });
}

export const URL_ = process.env.URL;
const SLOWER = Number(process.env.SLOWER ?? 1); // this many times: `SLOWER=6 pytest tests/page` shows races that a fast machine hides
const WITHIN_MS = 60_000;
export const PHONE = { width: 390, height: 844 };
export const DESKTOP = { width: 1440, height: 900 };

/** `wanted`: messages of the console that a story brings about itself, such as a lost connection. */
export async function opened(browser, { viewport = DESKTOP, look = "light", locale = "zh-CN", wanted = /$^/, workers = "block" } = {}) {
  const context = await browser.newContext({ viewport, colorScheme: look, locale, serviceWorkers: workers });
  context.wrong = [];
  const host = new URL(URL_).host;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (["http:", "https:", "ws:", "wss:"].includes(url.protocol) && url.host !== host) context.wrong.push(`another host: ${request.url()}`);
  });
  context.on("console", (message) => {
    const said = message.text();
    if (message.type() === "error" && !wanted.test(said) && !said.includes("Service Worker registration blocked")) {
      context.wrong.push(`console: ${said} ${message.location().url}`);
    }
  });
  context.on("weberror", (error) => context.wrong.push(`error: ${error.error()}`));
  context.setDefaultTimeout(WITHIN_MS);
  if (SLOWER > 1) context.on("page", slow);
  const page = await context.newPage();
  if (SLOWER > 1) await slow(page);
  return { context, page };
}

async function slow(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
}

export function nothingWrong(...contexts) {
  for (const context of contexts) assert.deepEqual(context.wrong, []);
}

/** Waits until `look` gives what `holds` wants, and gives it: the page follows a click in its own time. */
export async function until(look, holds, what) {
  const end = Date.now() + WITHIN_MS;
  let found = await look();
  while (!holds(found)) {
    assert.ok(Date.now() < end, `${what}; it is: ${String(found).slice(0, 600)}`);
    await new Promise((done) => setTimeout(done, 50));
    found = await look();
  }
  return found;
}

/** Waits until the first of these says it; gives its whole text. What is out of sight has no inner text, so its text content is read. */
export async function says(locator, pattern) {
  await locator.first().waitFor({ state: "attached" });
  const text = () => locator.first().evaluate((node) => (node.checkVisibility() ? node.innerText : node.textContent) ?? "").catch(() => "");
  return until(text, (found) => pattern.test(found), `${locator} does not say ${pattern}`);
}

/** Asks whoever runs the story for what no page can do, and waits until it is done. */
export async function deed(name) {
  console.log(`!${name}`);
  process.stdin.resume();
  await new Promise((done) => process.stdin.once("data", done));
  process.stdin.pause();
}

export const many = (locator, n) => until(() => locator.count(), (found) => found === n, `${locator}: not ${n}`);

/** Waits until nothing moves and nothing is being fetched: for pictures, and for what judges colours. */
export async function still(page) {
  await page.waitForFunction(() => document.querySelector(".spin, .dots") === null);
  await page.evaluate(async () => {
    const ends = document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ends.map((each) => each.finished));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
}

/** A part of the office: the address alone says nothing, since the part before stands until the new one is drawn. */
export async function toPart(page, part) {
  await page.goto(`${URL_}/office#${part}`);
  await page.locator(`.part[data-part="${part}"] h1`).waitFor();
}

/** A customer at the counter. */
export async function counter(browser, options = {}) {
  const found = await opened(browser, options);
  await found.page.goto(`${URL_}/${options.query ?? ""}`);
  await found.page.waitForSelector(".composer");
  return found;
}

/** Writes it and sends it, as soon as the page takes it. */
export async function say(page, text) {
  await page.fill(".composer textarea", text);
  await page.locator(".composer button[type=submit]:not([disabled])").waitFor();
  await page.locator(".composer textarea").press("Enter");
}

/** Says it and waits for the whole answer, whose text it gives. */
export async function ask(page, text) {
  const answers = page.locator(".said.desk:has(.under)");
  const before = await answers.count();
  await say(page, text);
  await answers.nth(before).waitFor();
  return answers.nth(before).locator(".text").first().textContent(); // what is out of sight has no inner text
}

/** One of the shop's people, logged in by key. */
export async function insider(browser, to, options = {}) {
  const found = await opened(browser, options);
  await found.page.goto(`${URL_}/login`);
  await found.page.fill("input[type=password]", process.env.KEY);
  await found.page.locator("button[type=submit]:not([disabled])").click();
  await found.page.waitForSelector(".deskview");
  if (to !== "/desk") await found.page.goto(URL_ + to);
  return found;
}
