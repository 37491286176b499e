/** The owner: files in with what was refused, search, rules, keys, limits, house style that the counter shows. */
import assert from "node:assert/strict";
import { counter, insider, nothingWrong, says, toPart, until } from "../browser.mjs";

const COLUMNS =
  "订单编号 买家会员名 买家支付宝账号 买家应付货款 买家应付邮费 买家支付积分 总金额 返点积分 买家实际支付金额 买家实际支付积分 订单状态 买家留言 " +
  "收货人姓名 收货地址 运送方式 联系电话 联系手机 订单创建时间 订单付款时间 宝贝标题 宝贝种类 物流单号 物流公司 订单备注 宝贝总数量 店铺Id 店铺名称 " +
  "订单关闭原因 卖家服务费 买家服务费 发票抬头 是否手机订单 分阶段订单信息 定金排名 修改后的sku 修改后的收货地址 异常信息 天猫卡券抵扣 集分宝抵扣 " +
  "是否是O2O交易 退款金额";
const ROWS = [
  { 订单编号: '="3930679858170647"', 总金额: "128.00", 收货人姓名: "林**", 联系手机: "'183****2807" },
  { 订单编号: '="3930679858170648"', 总金额: "一百多", 收货人姓名: "王**", 联系手机: "'183****2808" },
];

/** What 千牛 exports, cut short. */
function orders() {
  const columns = COLUMNS.split(" ");
  const common = { 买家会员名: "tb", 订单状态: "交易成功", 订单创建时间: "2025-11-01 10:00:00", 宝贝标题: "汝釉开片盖碗", 宝贝总数量: "1" };
  const lines = ROWS.map((row) => columns.map((name) => `"${({ ...common, ...row }[name] ?? "").replaceAll('"', '""')}"`).join(","));
  return Buffer.from(`\ufeff${columns.join(",")}\n${lines.join("\n")}\n`);
}

export default async function (browser) {
  const { context, page } = await insider(browser, "/office#data");
  await page.locator(".tiles").waitFor();
  await page.setInputFiles(".part input[type=file]", { name: "ExportOrderList202511120700.csv", mimeType: "text/csv", buffer: orders() });
  await page.locator('.imported[data-state="done"]').first().waitFor();
  await says(page.locator(".imported .counts"), /1 (收下|没变)[\s\S]*1 退回/); // not changed: where this story was told before
  await says(page.locator(".imported table"), /一百多|金额/);

  await toPart(page, "search");
  await page.fill(".find input", "不烫手的杯子");
  await page.keyboard.press("Enter");
  await page.locator(".hits li").first().waitFor();

  await toPart(page, "policy");
  await page.locator(".explain form button").click();
  await page.locator(".explain .notice").waitFor();
  await until(() => page.locator(".rules li").count(), (found) => found > 5, "more rules than five");

  await toPart(page, "places");
  await says(page.locator(".place"), /local/);
  await toPart(page, "figures");
  await page.locator(".chart svg").first().waitFor();
  await toPart(page, "quality");
  await page.locator(".empty, .choose-report").first().waitFor();

  await toPart(page, "keys");
  const whom = `小王 ${Date.now()}`;
  await page.locator(".inline-form input").first().fill(whom);
  await page.locator(".inline-form button").click();
  await says(page.locator(".notice.good code"), /^mb-/);
  const row = page.locator("tr", { hasText: whom });
  await row.locator("button").click();
  await says(row, /已吊销/);

  await toPart(page, "limits");
  await page.getByLabel("顾客 单次最多").fill("199.00 CNY");
  await page.locator("form .button.main").click();
  await page.locator(".notice.good").waitFor();
  await until(() => page.getByLabel("顾客 单次最多").inputValue(), (found) => found === "199.00 CNY", "not what was loaded");

  await toPart(page, "style");
  await page.locator('textarea[lang="zh"]').nth(1).fill("新茶什么时候到？\n怎么泡？");
  await page.locator("form .button.main").click();
  await page.locator(".notice.good").waitFor();
  const visitor = await counter(browser);
  await says(visitor.page.locator(".questions"), /新茶什么时候到/);
  nothingWrong(context, visitor.context);
}
