/** Runs one story: `node drive.mjs NAME`. What it measured is printed as JSON; what fails says so, with what the open pages say, and
 * exits 1; 77 is for no browser. */
import { launched, NoBrowser } from "./browser.mjs";

const { default: story } = await import(`./stories/${process.argv[2]}.mjs`);
const browser = await launched().catch((failure) => {
  if (!(failure instanceof NoBrowser)) throw failure;
  console.log(failure.message);
  process.exit(77); // nothing was tested
});
try {
  console.log(JSON.stringify((await story(browser)) ?? {}));
} catch (failure) {
  for (const context of browser.contexts()) {
    for (const page of context.pages()) console.error(await seen(page).catch((gone) => `a page that cannot be read: ${gone.message}`));
    if (context.wrong?.length) console.error("wrong so far:", context.wrong);
  }
  throw failure;
} finally {
  await browser.close();
}

/** Where the page is, what it tells, asks and waits for. The words of the talk are left out. */
async function seen(page) {
  const state = await page.evaluate(() => ({
    notices: [...document.querySelectorAll(".notice, [role=alert], .failed, .chip.bad")].map((each) => each.textContent.trim().slice(0, 300)),
    dialogs: [...document.querySelectorAll("dialog")].map((each) => each.getAttribute("aria-label")),
    waiting: document.querySelectorAll(".spin, .dots, progress").length,
    disabled: [...document.querySelectorAll("button[disabled]")].map((each) => each.textContent.trim() || each.getAttribute("aria-label")),
    said: [...document.querySelectorAll(".said, .line")].map((each) => each.className),
    focus: document.activeElement?.tagName,
  }));
  return `${page.url()} ${JSON.stringify(state, null, 1)}`;
}
