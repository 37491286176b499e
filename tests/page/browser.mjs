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
  const page = await context.newPage();
  return { context, page };
}

export function nothingWrong(...contexts) {
  for (const context of contexts) assert.deepEqual(context.wrong, []);
}

/** A customer at the counter. */
export async function counter(browser, options = {}) {
  const found = await opened(browser, options);
  await found.page.goto(`${URL_}/${options.query ?? ""}`);
  await found.page.waitForSelector(".composer");
  return found;
}

/** Says it and waits for the whole answer, whose text it gives. */
export async function ask(page, text) {
  const before = await page.locator(".said.desk .under").count();
  await page.fill(".composer textarea", text);
  await page.keyboard.press("Enter");
  await page.locator(".said.desk .under").nth(before).waitFor();
  return page.locator(".said.desk .text").last().textContent(); // what is out of sight has no inner text
}

/** One of the shop's people, logged in by key. */
export async function insider(browser, to, options = {}) {
  const found = await opened(browser, options);
  await found.page.goto(`${URL_}/login`);
  await found.page.fill("input[type=password]", process.env.KEY);
  await found.page.keyboard.press("Enter");
  await found.page.waitForSelector(".deskview");
  if (to !== "/desk") await found.page.goto(URL_ + to);
  return found;
}
