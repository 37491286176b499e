/** A conversation outlives a reload and a lost connection; the page itself opens without the service and says so. */
import assert from "node:assert/strict";
import { ask, counter, nothingWrong } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await counter(browser, { wanted: /ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED/, workers: "allow" });
  const said = await ask(page, "七天无理由退货的运费谁出？");
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.locator(".said.desk .under").first().waitFor();
  assert.equal(await page.locator(".said.desk .text").last().textContent(), said);
  await page.locator('.seal[data-verdict="holds"]').waitFor();

  await context.setOffline(true);
  await page.fill(".composer textarea", "发票怎么开？");
  await page.keyboard.press("Enter");
  await page.locator(".failed button").waitFor();
  await page.locator(".standing .notice.warn").waitFor();

  const other = await context.newPage(); // opened anew, with nothing to reach
  await other.goto(process.env.URL);
  await other.locator(".standing .notice.warn").waitFor();
  assert.match(await other.locator(".standing").innerText(), /连接断了/);
  await other.close();

  await context.setOffline(false);
  await page.locator(".standing .notice.warn").waitFor({ state: "detached", timeout: 30_000 });
  await page.locator(".failed button").click();
  await page.locator(".said.desk .under").nth(1).waitFor();
  assert.equal(await page.locator(".said.customer").count(), 2);
  nothingWrong(context);
}
