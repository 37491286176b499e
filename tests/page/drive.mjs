/** Runs one story: `node drive.mjs NAME`. What it measured is printed as JSON; what fails says so and exits 1. */
import { launched } from "./browser.mjs";

const { default: story } = await import(`./stories/${process.argv[2]}.mjs`);
const browser = await launched();
try {
  console.log(JSON.stringify((await story(browser)) ?? {}));
} finally {
  await browser.close();
}
