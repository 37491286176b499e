/** The engine dies and cannot come back: the counter says so and answers in the rows' own words. Mended, it is as before. */
import assert from "node:assert/strict";
import { ask, counter, deed, many, nothingWrong, says } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await counter(browser, { wanted: /ERR_|status of 503|Failed to fetch/ });
  const notice = page.locator(".standing .notice");
  assert.match(await ask(page, "七天无理由退货的运费谁出？"), /运费/);
  await many(notice, 0);

  await deed("break");
  assert.match(await ask(page, "你们发什么快递？"), /快递|顺丰/);
  await says(notice, /模型暂时不可用/);
  await says(page.locator(".aside .seal"), /验证通过/); // an answer without the model has its receipt, too
  assert.match(await ask(page, "订单 MB20251103-0042 到哪了？尾号 2100"), /SF1823924197465/);

  await deed("mend");
  await many(notice, 0);
  assert.match(await ask(page, "发票怎么开？"), /发票/);
  await many(notice, 0);
  await many(page.locator(".said.customer"), 4);
  nothingWrong(context);
}
