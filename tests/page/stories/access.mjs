/** axe-core finds nothing serious in any view, in both looks, on a phone and on a desktop; the counter works by keyboard alone. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { ask, counter, DESKTOP, insider, many, nothingWrong, PHONE, still, toPart } from "../browser.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PARTS = ["data", "search", "quality", "figures", "places", "policy", "people", "keys", "limits", "style"];

async function judge(page, where, found) {
  await still(page);
  await page.evaluate(AXE); // by the debugger: the page's own policy allows no script but its own
  const result = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  for (const each of result.violations) {
    if (each.impact === "serious" || each.impact === "critical") {
      found.push(`${where}: ${each.id} ${each.nodes.map((node) => node.target.join(" ")).slice(0, 4).join(" | ")}`);
    }
  }
}

export default async function (browser) {
  const found = [];
  let views = 0;
  for (const [viewport, look] of [[DESKTOP, "light"], [PHONE, "dark"]]) {
    const visitor = await counter(browser, { viewport, look });
    await judge(visitor.page, `welcome ${look}`, found);
    await ask(visitor.page, "订单 MB20251103-0042 到哪了？尾号 2100");
    await visitor.page.locator(".slipbutton").click();
    await visitor.page.locator(".seal.holds").waitFor();
    await judge(visitor.page, `counter ${look}`, found);
    if (viewport === PHONE) await visitor.page.keyboard.press("Escape");
    await many(visitor.page.locator("dialog"), 0);
    await visitor.page.locator(".person").click();
    await visitor.page.locator(".standing .notice").waitFor();
    await judge(visitor.page, `waiting ${look}`, found);
    const owner = await insider(browser, "/desk", { viewport, look });
    await owner.page.locator(".entry", { hasText: "MB20251103-0042" }).first().click();
    await owner.page.locator(".line").first().waitFor();
    await judge(owner.page, `desk ${look}`, found);
    for (const part of PARTS) {
      await toPart(owner.page, part);
      await judge(owner.page, `office ${part} ${look}`, found);
      views += 1;
    }
    await owner.page.goto(`${process.env.URL}/verify`);
    await owner.page.locator(".verify h1").waitFor();
    await judge(owner.page, `verify ${look}`, found);
    views += 5;
    nothingWrong(visitor.context, owner.context);
    await Promise.all([visitor.context.close(), owner.context.close()]);
  }
  assert.deepEqual(found, []);

  const { context, page } = await counter(browser); // by keyboard alone
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter"); // skip to the content: the first quick question or field
  for (let i = 0; i < 30 && !(await page.evaluate(() => document.activeElement?.tagName === "TEXTAREA")); i += 1) await page.keyboard.press("Tab");
  await page.keyboard.type("你好");
  await page.keyboard.press("Enter");
  await page.locator(".said.desk .under").first().waitFor();
  await many(page.locator('[role="log"][aria-live="polite"]'), 1);
  nothingWrong(context);
  return { views };
}
