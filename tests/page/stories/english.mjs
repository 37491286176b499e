/** In English on a phone; the language and the theme are switched, and both stay after a reload. */
import assert from "node:assert/strict";
import { ask, counter, nothingWrong, PHONE } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await counter(browser, { viewport: PHONE, locale: "en-GB" });
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  assert.match(await page.locator(".welcome").innerText(), /receipt that you can verify/);
  const said = await ask(page, "Who pays the postage if I return something within 7 days?");
  assert.match(said, /you pay the way back/);
  assert.doesNotMatch(said, /[\u4e00-\u9fff]{4}/);
  await page.locator(".slipbutton").last().click();
  await page.locator('dialog .seal[data-verdict="holds"]').waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("dialog").count(), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false); // nothing sticks out

  await page.locator(".tongue").click();
  assert.match(await page.locator(".composer .hint").innerText(), /由 AI 生成/);
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  const look = page.locator(".bar .round");
  await look.click(); // light
  await look.click(); // dark
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  await page.locator(".said.desk .under").first().waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.equal(await paper(), dark);
  nothingWrong(context);
}
