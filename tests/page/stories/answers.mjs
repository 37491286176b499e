/** A customer asks in Chinese and goes on; the receipt is verified in the browser, and a turned bit shows as broken. */
import assert from "node:assert/strict";
import { ask, counter, nothingWrong, says } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await counter(browser);
  const first = await ask(page, "订单 MB20251103-0042 到哪了？尾号 2100");
  assert.match(first, /SF1823924197465/);
  await says(page.locator(".order"), /乌鲁木齐转运中心/);
  await says(page.locator(".under .chip"), /由 AI 生成/);
  await page.locator(".sources summary").first().click();
  await says(page.locator(".sources[open] ol"), /订单 MB20251103-0042/);

  assert.match(await ask(page, "那几天能到？"), /11月14日/); // the order is still the one in talk

  await says(page.locator('.aside .seal[data-verdict="holds"]'), /验证通过/);
  await page.locator(".slip footer button").nth(1).click();
  await says(page.locator('.aside .seal[data-verdict="signature"]'), /验证不通过/);
  await page.locator(".slip footer button").nth(1).click();
  await page.locator('.aside .seal[data-verdict="holds"]').waitFor();

  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".slip footer button").first().click()]);
  const bundle = await (await import("node:fs/promises")).readFile(await file.path());
  await page.goto(`${process.env.URL}/verify`);
  await page.locator(".drop").waitFor();
  await context.setOffline(true); // verified by the page alone
  await page.setInputFiles("input[type=file]", { name: "slip.json", mimeType: "application/json", buffer: bundle });
  await page.locator('.seal[data-verdict="holds"]').waitFor();
  const altered = Buffer.from(bundle.toString("utf8").replace('"kind":"answer"', '"kind":"refusal"'));
  assert.notDeepEqual(altered, bundle);
  await page.setInputFiles("input[type=file]", { name: "slip.json", mimeType: "application/json", buffer: altered });
  await page.locator('.seal[data-verdict="signature"]').waitFor();
  nothingWrong(context);
}
