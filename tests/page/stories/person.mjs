/** 转人工: the queue and the hours are shown, a picture goes along, staff answer from a draft, and the machine takes over again. */
import assert from "node:assert/strict";
import { ask, counter, insider, nothingWrong, PHONE, say, says, until } from "../browser.mjs";

// A picture of one pixel.
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

export default async function (browser) {
  const customer = await counter(browser, { viewport: PHONE });
  await ask(customer.page, "订单 MB20251103-0042 到哪了？尾号 2100");
  await customer.page.locator(".person").click();
  await customer.page.locator(".standing .notice.good").waitFor();
  await says(customer.page.locator(".standing"), /第 \d+ 位[\s\S]*9:00/);
  await customer.page.setInputFiles(".composer input[type=file]", { name: "crack.png", mimeType: "image/png", buffer: PIXEL });
  await customer.page.locator(".said.customer .pictures img").waitFor();
  await say(customer.page, "七天无理由退货的运费谁出？");

  const staff = await insider(browser, "/desk", { wanted: /status of 400/ });
  // Other stories' talks stand there, too, in any order.
  await staff.page.locator(".entry", { hasText: "七天无理由退货的运费谁出" }).filter({ hasText: "MB20251103-0042" }).first().click();
  await staff.page.locator(".line.customer img").waitFor();
  await says(staff.page.locator(".sidebody"), /MB20251103-0042/);
  const area = staff.page.locator(".editor textarea");
  await staff.page.locator(".box.drafted").waitFor();
  await until(() => area.inputValue(), (found) => found.includes("运费"), "the desk's own answer, with its facts beside it");
  await staff.page.locator(".side .switch button:not(.onphone)").nth(1).click();
  await says(staff.page.locator(".factlist"), /消费者权益保护法/);
  await staff.page.locator(".side .switch button:not(.onphone)").nth(3).click();
  await staff.page.locator(".may li").first().waitFor();
  await area.press("Enter"); // one key sends it
  await customer.page.locator(".said.staff").first().waitFor();
  assert.match(await customer.page.locator(".said.staff .text").last().textContent(), /运费/);
  await says(customer.page.locator(".standing"), /人工客服正在接待/);

  await area.fill("这是绝对最好的盖碗");
  await area.press("Enter"); // the house does not say it
  await staff.page.locator(".editor .notice.warn").waitFor();
  await area.fill("已经为您登记，今天内答复。");
  await area.press("Enter");
  await customer.page.locator(".said.staff").nth(1).waitFor();

  await customer.page.locator(".standing .quiet").click(); // back to the machine
  await customer.page.locator(".standing .notice.good").waitFor({ state: "detached" });
  assert.match(await ask(customer.page, "发票怎么开？"), /发票/);
  nothingWrong(customer.context, staff.context);
}
