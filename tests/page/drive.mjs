/** Runs one story: `node drive.mjs NAME`. What it measured is printed as JSON; what fails says so and exits 1; 77 is for no browser. */
import { launched, NoBrowser } from "./browser.mjs";

const { default: story } = await import(`./stories/${process.argv[2]}.mjs`);
const browser = await launched().catch((failure) => {
  if (!(failure instanceof NoBrowser)) throw failure;
  console.log(failure.message);
  process.exit(77); // nothing was tested
});
try {
  console.log(JSON.stringify((await story(browser)) ?? {}));
} finally {
  await browser.close();
}
