/** How soon the page can be used, what it adds to the first word, and how 2,000 messages scroll. */
import { ask, counter, nothingWrong, opened } from "../browser.mjs";

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

export default async function (browser) {
  const usable = [];
  for (let i = 0; i < 3; i += 1) {
    const { context, page } = await opened(browser);
    await page.goto(process.env.URL, { waitUntil: "commit" });
    await page.waitForSelector(".composer textarea");
    usable.push(await page.evaluate(() => performance.now()));
    await context.close();
  }

  const { context, page } = await opened(browser);
  await page.addInitScript(() => {
    const own = window.fetch;
    window.added = [];
    let pressed = 0;
    addEventListener("keydown", (event) => event.key === "Enter" && (pressed = performance.now()), true);
    window.fetch = async (input, init) => {
      if (!String(input).includes("/counter/messages")) return own(input, init);
      const sent = performance.now();
      const response = await own(input, init);
      const [mine, theirs] = response.body.tee();
      (async () => {
        const reader = mine.pipeThrough(new TextDecoderStream()).getReader();
        let held = "";
        let came = 0;
        while (!came) {
          const { value, done } = await reader.read();
          if (done) return;
          held += value;
          if (held.includes('"type":"piece"') || held.includes('"type": "piece"')) came = performance.now();
        }
        reader.cancel();
        const shown = () => document.querySelector(".said.desk:last-child .text")?.textContent;
        while (!shown()) await new Promise(requestAnimationFrame);
        window.added.push(sent - pressed + performance.now() - came);
      })();
      return new Response(theirs, response);
    };
  });
  await page.goto(process.env.URL);
  await page.waitForSelector(".composer");
  for (const text of ["你好", "七天无理由退货的运费谁出？", "发票怎么开？", "有什么优惠券？", "谢谢"]) await ask(page, text);
  const added = await page.evaluate(() => window.added);
  nothingWrong(context);
  await context.close();

  const many = await opened(browser);
  await many.page.route("**/v1/counter/conversation*", async (route) => {
    const messages = Array.from({ length: 2000 }, (_, i) => ({
      id: `m-${i + 1}`, seq: i + 1, who: i % 2 ? "desk" : "customer", at: "2026-11-26T01:00:00+00:00", erased: false, pictures: [],
      text: i % 2 ? `第 ${i} 条：支持七天无理由退货，签收次日起 7 天内，商品完好可以退。` : `第 ${i} 条：能退吗？`, mingbai: null,
    }));
    const first = route.request().url().includes("after=0");
    if (!first) await new Promise((done) => setTimeout(done, 5000));
    const talk = { id: "k-1", state: "desk", since: "2026-11-26T01:00:00+00:00", answering: false, queue: null, hours: { zh: "", en: "" }, open_now: true, lang: "zh-Hans" };
    await route.fulfill({ json: { talk, seq: 2000, messages: first ? messages : [] } }).catch(() => undefined);
  });
  await many.page.goto(process.env.URL);
  await many.page.waitForSelector(".said");
  await many.page.waitForTimeout(500);
  const frames = await many.page.evaluate(async () => {
    const box = document.querySelector(".scrolls");
    const took = [];
    let last = performance.now();
    for (let i = 0; i < 90; i += 1) {
      box.scrollTop -= 400;
      await new Promise(requestAnimationFrame);
      const now = performance.now();
      took.push(now - last);
      last = now;
    }
    return took;
  });
  const shown = await many.page.locator(".said").count(); // before the real service is asked again
  await many.page.unrouteAll({ behavior: "ignoreErrors" });
  return {
    usable_ms: Math.min(...usable),
    added_ms: Math.min(...added),
    added_median_ms: median(added),
    frame_median_ms: median(frames),
    frame_p95_ms: [...frames].sort((a, b) => a - b)[85],
    shown,
  };
}
