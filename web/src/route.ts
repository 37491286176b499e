/** Where one is: the view is the path (`/desk`), what is open in it the part after `#`. Moving between views loads nothing anew. */
import { computed, signal } from "@preact/signals";

export type View = "counter" | "desk" | "office" | "verify" | "login";
const VIEWS: readonly string[] = ["desk", "office", "verify", "login"];

const here = signal(location.pathname + location.hash);
const look = () => {
  here.value = location.pathname + location.hash;
};
addEventListener("popstate", look);
addEventListener("hashchange", look);

export const view = computed<View>(() => {
  const first = here.value.split("#")[0]?.split("/").filter(Boolean).pop() ?? "";
  return VIEWS.includes(first) ? (first as View) : "counter";
});
/** What is open in the view, `data` of `/office#data`. */
export const part = computed(() => decodeURIComponent(here.value.split("#")[1] ?? ""));

export const path = (to: View, inner = "") =>
  (to === "counter" ? "/" : `/${to}`) + (inner ? `#${encodeURIComponent(inner)}` : "");

export function go(to: View, inner = ""): void {
  history.pushState(null, "", path(to, inner));
  look();
  scrollTo(0, 0);
}

/** For links: a plain click stays in the page, any other is the browser's. */
export function stay(to: View, inner = "") {
  return {
    href: path(to, inner),
    onClick: (event: MouseEvent) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      go(to, inner);
    },
  };
}
