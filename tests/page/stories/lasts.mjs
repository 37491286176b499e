/** A conversation outlives a reload and a lost connection; the page itself opens without the service and says so. */
import assert from "node:assert/strict";
import { ask, counter, many, nothingWrong, say, says } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await counter(browser, { wanted: /ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED/, workers: "allow" });
  const said = await ask(page, "七天无理由退货的运费谁出？");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.locator(".said.desk .under").first().waitFor();
  assert.equal(await page.locator(".said.desk:has(.under) .text").last().textContent(), said);
  await page.locator('.seal[data-verdict="holds"]').waitFor();

  await context.setOffline(true);
  await say(page, "发票怎么开？");
  await page.locator(".failed button").waitFor();
  await say(page, "有什么优惠券？"); // what was not sent before it stays
  await many(page.locator(".failed button"), 2);
  await page.locator(".standing .notice.warn").waitFor();

  const other = await context.newPage(); // opened anew, with nothing to reach
  await other.goto(process.env.URL);
  await other.locator(".standing .notice.warn").waitFor();
  await says(other.locator(".standing"), /连接断了/);
  await other.close();

  await context.setOffline(false);
  await page.locator(".standing .notice.warn").waitFor({ state: "detached" });
  for (const answers of [1, 2]) {
    await page.locator(".failed button:not([disabled])").first().click();
    await page.locator(".said.desk .under").nth(answers).waitFor();
  }
  await many(page.locator(".said.customer"), 3);
  await many(page.locator(".failed"), 0);
  nothingWrong(context);
}
