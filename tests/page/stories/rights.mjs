/** A person's rights: what they agreed to, everything of theirs, erasure with a certificate; their old receipt still verifies. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { ask, insider, nothingWrong, says, toPart } from "../browser.mjs";

export default async function (browser) {
  const who = process.env.PERSON;
  const { context, page } = await insider(browser, "/desk");
  await page.locator(".list header .quiet").click();
  await page.locator("dialog input").fill(who);
  await page.keyboard.press("Enter");
  await page.locator("dialog .button.main").click(); // opened in this browser: this person's counter
  await page.locator(".composer").waitFor();
  await ask(page, "我的订单到哪了？");
  await page.locator('.aside .seal[data-verdict="holds"]').waitFor();
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator(".slip footer button").first().click()]);
  const bundle = await readFile(await file.path());

  await toPart(page, "people");
  await page.fill(".find input", who);
  await page.keyboard.press("Enter");
  await says(page.locator(".person-of h2"), new RegExp(who));
  const [all] = await Promise.all([page.waitForEvent("download"), page.locator(".person-of footer button").first().click()]);
  assert.match(await readFile(await all.path(), "utf8"), new RegExp(who));
  await page.locator(".person-of .button.bad").click();
  const really = page.locator("dialog .button.bad");
  assert.equal(await really.isDisabled(), true);
  await page.locator("dialog input").fill(who);
  await really.click();
  await page.locator('.certificate .seal[data-verdict="holds"]').waitFor();
  await says(page.locator(".certificate"), /个人信息删除证明[\s\S]*已删除[\s\S]*问与答[\s\S]*密钥已销毁，读不出/);
  const [proof] = await Promise.all([page.waitForEvent("download"), page.locator(".certificate footer button").click()]);
  const certificate = await readFile(await proof.path());
  assert.doesNotMatch(certificate.toString("utf8"), new RegExp(who));

  await page.goto(`${process.env.URL}/verify`);
  const verified = async (name, buffer) => {
    await page.setInputFiles("input[type=file]", { name, mimeType: "application/json", buffer });
    await page.locator(".drop", { hasText: name }).waitFor();
  };
  await verified("slip.json", bundle);
  await page.locator('.seal[data-verdict="holds"]').waitFor();
  await says(page.locator(".account"), /听懂了什么/);
  await verified("certificate.json", certificate);
  await page.locator('.seal[data-verdict="holds"]').waitFor();
  await says(page.locator(".account"), /个人信息删除证明/);
  nothingWrong(context);
}
