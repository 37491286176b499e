/** Staff cancel an order for a customer: seen first, confirmed, recorded, undone. */
import assert from "node:assert/strict";
import { ask, counter, insider, nothingWrong } from "../browser.mjs";

export default async function (browser) {
  const customer = await counter(browser);
  await ask(customer.page, "转人工");
  const { context, page } = await insider(browser, "/desk");
  await page.locator(".entry").first().click();
  await page.locator(".side .switch button:not(.onphone)").nth(2).click();
  await page.locator(".act select").selectOption("cancel_order");
  const [no] = await page.locator(".act form input.field").all();
  await no.fill(process.env.PAID_ORDER);
  await page.locator(".act form button").click();
  await page.locator(".planned").waitFor();
  const plan = await page.locator(".planned").innerText();
  assert.match(plan, /state|refund/);
  await page.locator(".planned .button.main").click();
  await page.locator(".act .notice.good").waitFor();
  const row = page.locator(".past li").first();
  assert.match(await row.innerText(), new RegExp(process.env.PAID_ORDER));
  await row.locator("button").click();
  await page.locator(".past li .chip").first().waitFor();
  assert.match(await row.innerText(), /已撤销/);
  await page.locator(".out").click(); // and goes home: the desk is shut again
  await page.locator("input[type=password]").waitFor();
  nothingWrong(context, customer.context);
}
