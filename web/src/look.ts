/** Light, dark, or as the system has it. */
import { signal } from "@preact/signals";
import { forget, keep, kept } from "./store";

export type Look = "system" | "light" | "dark";
export const look = signal<Look>(kept<string>("look", "system") as Look);

export function wear(next: Look): void {
  look.value = next;
  if (next === "system") {
    delete document.documentElement.dataset.look;
    forget("look");
  } else {
    document.documentElement.dataset.look = next;
    keep("look", next);
  }
}

export const isDark = () =>
  look.value === "dark" || (look.value === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
