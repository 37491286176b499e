/** The page's languages. A dictionary is written once in Chinese; English must have the same keys, or the build fails. What is
 * written in simplified characters is shown in traditional ones by a table that is fetched when it is first wanted. */
import { signal } from "@preact/signals";
import { keep, kept } from "./store";

export type Lang = "zh" | "hant" | "en";
type Same<T> = {
  [K in keyof T]: T[K] extends (...said: infer A) => string ? (...said: A) => string : T[K] extends string ? string : Same<T[K]>;
};

export const TAGS = { zh: "zh-CN", hant: "zh-Hant", en: "en" } as const;
let turned: ((text: string) => string) | null = null;

const wanted = first();
export const lang = signal<Lang>(wanted === "hant" ? "zh" : wanted); // until its table is here
if (wanted === "hant") void speak("hant");

function first(): Lang {
  const chosen = kept<string>("lang", "");
  if (chosen === "zh" || chosen === "hant" || chosen === "en") return chosen;
  const chinese = navigator.languages.find((each) => each.startsWith("zh"));
  if (chinese) return /Hant|TW|HK|MO/.test(chinese) ? "hant" : "zh";
  return navigator.language.startsWith("en") ? "en" : "zh";
}

export async function speak(next: Lang): Promise<void> {
  if (next === "hant" && !turned) {
    const found = await import("./traditional").catch(() => null);
    if (!found) return; // no connection: the language stays
    turned = found.traditional;
  }
  lang.value = next;
  keep("lang", next);
  show();
}

/** What assistive technology, fonts and line breaking go by. */
export function show(): void {
  document.documentElement.lang = TAGS[lang.value];
  document.title = lang.value === "en" ? "Mingbai" : "明白";
}

/** The words of one part of the page, in the language of the moment. Reading them in a component follows the language. */
export function words<T extends object>(zh: T, en: Same<T>): () => T {
  let hant: T | null = null;
  return () => (lang.value === "en" ? (en as unknown as T) : lang.value === "hant" ? (hant ??= traditional(zh)) : zh);
}

/** The same with every text in traditional characters, also what a function makes. */
function traditional<T>(said: T): T {
  if (typeof said === "string") return (turned?.(said) ?? said) as T;
  if (typeof said === "function") return ((...given: unknown[]) => traditional((said as unknown as (...g: unknown[]) => string)(...given))) as T;
  if (Array.isArray(said)) return said.map(traditional) as T;
  if (said && typeof said === "object") return Object.fromEntries(Object.entries(said).map(([name, each]) => [name, traditional(each)])) as T;
  return said;
}

/** Words that come in both languages from the service. */
export function either(zh: string, en: string): string {
  return lang.value === "en" ? en || zh : lang.value === "hant" ? traditional(zh || en) : zh || en;
}

const locale = () => (lang.value === "en" ? "en-GB" : "zh-CN"); // dates and sums have no characters of their own script
export const number = (n: number, digits = 0) =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(n);
export const percent = (n: number) => new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(n);
export const time = (at: number | string | Date) =>
  new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
export const day = (at: number | string | Date) =>
  new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
