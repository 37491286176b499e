/** The page's languages. A dictionary is written once in Chinese; English must have the same keys, or the build fails. */
import { signal } from "@preact/signals";
import { keep, kept } from "./store";

export type Lang = "zh" | "en";
type Same<T> = {
  [K in keyof T]: T[K] extends (...said: infer A) => string ? (...said: A) => string : T[K] extends string ? string : Same<T[K]>;
};

export const lang = signal<Lang>(first());

function first(): Lang {
  const chosen = kept<string>("lang", "");
  if (chosen === "zh" || chosen === "en") return chosen;
  return navigator.languages.some((each) => each.startsWith("zh")) || !navigator.language.startsWith("en") ? "zh" : "en";
}

export function speak(next: Lang): void {
  lang.value = next;
  keep("lang", next);
  show();
}

/** What assistive technology, fonts and line breaking go by. */
export function show(): void {
  document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
  document.title = lang.value === "zh" ? "明白" : "Mingbai";
}

/** The words of one part of the page, in the language of the moment. Reading them in a component follows the language. */
export function words<T extends object>(zh: T, en: Same<T>): () => T {
  return () => (lang.value === "zh" ? zh : (en as unknown as T));
}

/** Words that come in both languages from the service. */
export function either(zh: string, en: string): string {
  return lang.value === "zh" ? zh || en : en || zh;
}

const locale = () => (lang.value === "zh" ? "zh-CN" : "en-GB");
export const number = (n: number, digits = 0) =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(n);
export const percent = (n: number) => new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: 1 }).format(n);
export const time = (at: number | string | Date) =>
  new Intl.DateTimeFormat(locale(), { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
export const day = (at: number | string | Date) =>
  new Intl.DateTimeFormat(locale(), { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
