/** A view that is fetched when it is first shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Wait } from "./bits";
import { words } from "./words";

const said = words(
  { loading: "正在打开…", failed: "这一页没有取到，请刷新再试。" },
  { loading: "Opening…", failed: "This view could not be fetched; reload to try again." },
);

export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [state, set] = useState<"ready" | "waiting" | "failed">(found ? "ready" : "waiting");
    useEffect(() => {
      if (found) return;
      load().then(
        (view) => {
          found = view;
          set("ready");
        },
        () => set("failed"),
      );
    }, []);
    if (state === "failed") return <p class="middle">{said().failed}</p>;
    const View = found;
    return View ? <View {...props} /> : <Wait label={said().loading} />;
  };
}
