/** Pictures of every view, in both languages, on a phone and on a desktop, light and dark, into $SCREENSHOTS. */
import { mkdirSync } from "node:fs";
import { ask, counter, DESKTOP, insider, PHONE, say, still, toPart } from "../browser.mjs";

const PARTS = ["data", "search", "quality", "figures", "places", "policy", "people", "keys", "limits", "style"];
const TONGUES = {
  zh: { locale: "zh-CN", where: "订单 MB20251103-0042 到哪了？尾号 2100", gift: "推荐一款适合送长辈的盖碗", post: "七天无理由退货的运费谁出？", find: "不烫手的杯子" },
  en: { locale: "en-GB", where: "Where is order MB20251103-0042? The phone ends in 2100", gift: "Can you recommend a gaiwan as a gift?", post: "Who pays the postage of a return?", find: "a cup that stays cool" },
};
const SIZES = { phone: PHONE, desktop: DESKTOP };

export default async function (browser) {
  const folder = process.env.SCREENSHOTS;
  mkdirSync(folder, { recursive: true });
  let taken = 0;
  for (const [lang, t] of Object.entries(TONGUES)) {
    const visitor = await counter(browser, { locale: t.locale });
    const owner = await insider(browser, "/desk", { locale: t.locale });
    const shoot = async (page, name, size, look, setUp = async () => undefined) => {
      await page.setViewportSize(SIZES[size]);
      await page.emulateMedia({ colorScheme: look });
      await setUp(page);
      await still(page);
      await page.screenshot({ path: `${folder}/${name}-${lang}-${size}-${look}.png` });
      taken += 1;
    };
    const each = async (page, name, setUp) => {
      for (const size of Object.keys(SIZES)) for (const look of ["light", "dark"]) await shoot(page, name, size, look, setUp);
    };
    const v = visitor.page;
    await each(v, "welcome");
    await ask(v, t.gift);
    await v.locator(".goods").waitFor();
    await each(v, "goods");
    await ask(v, t.where);
    await each(v, "answer", async (page) => {
      if (page.viewportSize().width > 1000) await page.locator(".aside .seal.holds").waitFor();
    });
    await each(v, "receipt", async (page) => {
      if (page.viewportSize().width < 1000 && (await page.locator("dialog").count()) === 0) await page.locator(".slipbutton").last().click();
      await page.locator(".seal.holds").waitFor();
    });
    await v.setViewportSize(DESKTOP);
    if ((await v.locator("dialog").count()) > 0) await v.keyboard.press("Escape");
    await v.locator(".person").click();
    await v.locator(".standing .notice").waitFor();
    await say(v, t.post);
    await each(v, "waiting");

    const o = owner.page;
    await each(o, "desk");
    await o.locator(".entry", { hasText: "MB20251103-0042" }).first().click();
    await o.locator(".box.drafted").waitFor();
    await each(o, "case");
    for (const [at, name] of [[1, "facts"], [2, "act"], [3, "may"]]) {
      await each(o, `case-${name}`, async (page) => {
        const open = page.locator(".case > header .quiet.onphone");
        if (await open.isVisible()) await open.click();
        await page.locator(".side .switch button:not(.onphone)").nth(at).click();
      });
    }
    for (const part of PARTS) {
      await toPart(o, part);
      if (part === "search") {
        await o.fill(".find input", t.find);
        await o.keyboard.press("Enter");
        await o.locator(".hits li").first().waitFor();
      }
      if (part === "people") {
        await o.fill(".find input", "C10001");
        await o.keyboard.press("Enter");
        await o.locator(".person-of").waitFor();
      }
      if (part === "policy") {
        await o.locator(".explain form button").click();
        await o.locator(".explain .notice").waitFor();
      }
      await each(o, `office-${part}`);
    }
    await o.goto(`${process.env.URL}/verify`);
    await each(o, "verify");
    await o.goto(`${process.env.URL}/login`);
    await each(o, "login");
    await Promise.all([visitor.context.close(), owner.context.close()]);
  }
  for (const [name, lang] of [["counter", "zh"], ["counter", "en"]]) {
    const { context, page } = await counter(browser, { viewport: { width: 1280, height: 760 }, locale: TONGUES[lang].locale });
    await ask(page, TONGUES[lang].where);
    await page.locator(".aside .seal.holds").waitFor();
    await still(page);
    await page.screenshot({ path: `${folder}/readme-${name}-${lang}.png` }); // the README's
    await context.close();
  }
  return { taken };
}
