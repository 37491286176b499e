/** The shop's people come in by the link that `mingbai run` prints, good once, or by a key. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Problem } from "./api";
import { Mark, Trouble, Wait } from "./bits";
import { go } from "./route";
import { enter, type Session } from "./session";
import { words } from "./words";

const said = words(
  {
    title: "登录", lead: "打开 mingbai run 打印的链接，或填入您的钥匙。", key: "钥匙", enter: "进入", entering: "正在登录…",
    make: "没有钥匙？在这台机器上运行 mingbai keys create --scope owner。",
  },
  {
    title: "Log in", lead: "Open the link that mingbai run printed, or enter your key.", key: "Key", enter: "Enter", entering: "Logging in…",
    make: "No key? Run mingbai keys create --scope owner on this machine.",
  },
);

export function Login({ once }: { once: string }) {
  const t = said();
  const key = useSignal("");
  const problem = useSignal<Problem | null>(null);
  const busy = useSignal(once !== "");

  const by = async (what: { once: string } | { key: string }) => {
    busy.value = true;
    problem.value = null;
    try {
      arrive(await enter(what));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      problem.value = failure;
    }
    busy.value = false;
  };
  useEffect(() => {
    if (once) void by({ once });
  }, [once]);

  if (busy.value && once && !problem.value) return <Wait label={t.entering} />;
  return (
    <main class="middle" id="main">
      <form
        class="plate card"
        onSubmit={(event) => {
          event.preventDefault();
          void by({ key: key.value.trim() });
        }}
      >
        <div class="brand">
          <Mark />
          <h1>{t.title}</h1>
        </div>
        <p class="soft">{t.lead}</p>
        {problem.value && <Trouble problem={problem.value} />}
        <label class="row">
          <span>{t.key}</span>
          <input class="field mono" type="password" autocomplete="current-password" placeholder="mb-…" value={key.value} onInput={(event) => (key.value = event.currentTarget.value)} />
        </label>
        <button class="button main" type="submit" disabled={!key.value.trim() || busy.value}>
          {t.enter}
        </button>
        <p class="small soft">{t.make}</p>
      </form>
    </main>
  );
}

function arrive(session: Session): void {
  if (session.scope === "customer") go("counter");
  else go("desk");
}
