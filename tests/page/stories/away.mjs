/** The model is away: the counter says so, and answers in the rows' own words. What the service says of its engine is altered on the way. */
import assert from "node:assert/strict";
import { ask, nothingWrong, opened } from "../browser.mjs";

export default async function (browser) {
  const { context, page } = await opened(browser);
  await page.route("**/v1/counter", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), engine: "failed" } });
  });
  await page.goto(process.env.URL);
  await page.locator(".standing .notice").waitFor();
  assert.match(await page.locator(".standing").innerText(), /模型暂时不可用/);
  assert.match(await ask(page, "七天无理由退货的运费谁出？"), /运费/);
  nothingWrong(context);
}
