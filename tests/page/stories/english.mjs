/** In English on a phone; the language and the theme are switched, and both stay after a reload. */
import assert from "node:assert/strict";
import { ask, counter, many, nothingWrong, PHONE, says, still, until } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await counter(browser, { viewport: PHONE, locale: "en-GB" });
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await says(page.locator(".welcome"), /receipt that you can verify/);
  const said = await ask(page, "Who pays the postage if I return something within 7 days?");
  assert.match(said, /you pay the return postage/);
  assert.doesNotMatch(said, /[\u4e00-\u9fff]{4}/);
  await page.locator(".slipbutton").last().click();
  await page.locator('dialog .seal[data-verdict="holds"]').waitFor();
  await page.keyboard.press("Escape");
  await many(page.locator("dialog"), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false); // nothing sticks out

  await page.locator(".tongue").click();
  await says(page.locator(".composer .hint"), /由 AI 生成/);
  const paper = async () => (await still(page), page.evaluate(() => getComputedStyle(document.body).backgroundColor));
  const light = await paper();
  await page.locator('.bar .round[aria-label="跟随系统外观"]').click();
  await page.locator('.bar .round[aria-label="浅色"]').click();
  await page.locator('.bar .round[aria-label="深色"]').waitFor();
  const dark = await until(paper, (found) => found !== light, "the paper is as light as before");
  await page.reload();
  await page.locator(".said.desk .under").first().waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.equal(await paper(), dark);
  nothingWrong(context);
}
