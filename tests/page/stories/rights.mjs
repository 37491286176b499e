/** A person's rights: what they agreed to, everything of theirs, erasure with a certificate; their old receipt still verifies. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { ask, insider, nothingWrong, says, toPart } from "../browser.mjs";

export default async function (browser) {
  const who = process.env.PERSON;
  const { context, page } = await insider(browser, "/desk");
  await page.locator(".list header .quiet").click();
  await page.locator("dialog input").fill(who);
  await page.keyboard.press("Enter");
  await page.locator("dialog .button.main").click(); // opened in this browser: this person's counter
  await page.locator(".composer").waitFor();
  await ask(page, "我的订单到哪了？");
  await page.locator('.aside .seal[data-verdict="holds"]').waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".slip footer button").first().click()]);
  const bundle = await readFile(await file.path());

  await toPart(page, "people");
  await page.fill(".find input", who);
  await page.keyboard.press("Enter");
  await says(page.locator(".person-of h2"), new RegExp(who));
  const [all] = await Promise.all([page.waitForEvent("download"), page.locator(".person-of footer button").first().click()]);
  assert.match(await readFile(await all.path(), "utf8"), new RegExp(who));
  await page.locator(".person-of .button.bad").click();
  const really = page.locator("dialog .button.bad");
  assert.equal(await really.isDisabled(), true);
  await page.locator("dialog input").fill(who);
  await really.click();
  await page.locator(".notice.good pre").waitFor();

  await page.goto(`${process.env.URL}/verify`);
  await page.setInputFiles("input[type=file]", { name: "slip.json", mimeType: "application/json", buffer: bundle });
  await page.locator('.seal[data-verdict="holds"]').waitFor();
  nothingWrong(context);
}
