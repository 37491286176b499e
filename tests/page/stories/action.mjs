/** Staff cancel an order for a customer: seen first, confirmed, recorded, undone. */
import { counter, insider, nothingWrong, say, says } from "../browser.mjs";

export default async function (browser) {
  const customer = await counter(browser);
  const wish = `转人工，帮我取消 ${process.env.PAID_ORDER}`;
  await customer.page.locator(".person").click();
  await customer.page.locator(".standing .notice.good").waitFor();
  await say(customer.page, wish);
  const { context, page } = await insider(browser, "/desk");
  await page.locator(".entry", { hasText: wish }).first().click();
  await page.locator(".side .switch button:not(.onphone)").nth(2).click();
  await page.locator(".act select").selectOption("cancel_order");
  await page.locator(".act form input.field").first().fill(process.env.PAID_ORDER);
  await page.locator(".act form button").click();
  await says(page.locator(".planned"), /state|refund/);
  await page.locator(".planned .button.main").click();
  await page.locator(".act .notice.good").waitFor();
  const row = page.locator(".past li", { hasText: process.env.PAID_ORDER }).first();
  await row.locator("button").click();
  await says(row, /已撤销/);
  await page.locator(".out").click(); // and goes home: the desk is shut again
  await page.locator("input[type=password]").waitFor();
  nothingWrong(context, customer.context);
}
