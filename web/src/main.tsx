/** The frame: who is here, which view, which language, light or dark. Views but the counter are fetched when they are opened. */
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { Icon, Mark, Trouble, Wait } from "./bits";
import { Counter } from "./counter/Counter";
import { house } from "./counter/talk";
import { lazy } from "./lazy";
import { Login } from "./Login";
import { look as theme, wear } from "./look";
import { part, stay, view } from "./route";
import { absent, look, sessions } from "./session";
import "./style.css";
import { either, lang, show, speak, TAGS, words } from "./words";

const said = words(
  {
    name: "明白", counter: "顾客柜台", desk: "客服台", office: "店务", skip: "跳到内容", views: "视图",
    theme: { system: "跟随系统外观", light: "浅色", dark: "深色" }, loading: "正在打开…", again: "再试一次",
  },
  {
    name: "Mingbai", counter: "Counter", desk: "Desk", office: "Office", skip: "Skip to the content", views: "Views",
    theme: { system: "As the system", light: "Light", dark: "Dark" }, loading: "Opening…", again: "Try again",
  },
);

/** Each in its own words, whatever the language is now. */
const TONGUES = { zh: ["中", "中文 简体"], hant: ["繁", "繁體中文"], en: ["EN", "EN English"] } as const;

const Desk = lazy(() => import("./desk/Desk").then((found) => found.Desk));
const Office = lazy(() => import("./office/Office").then((found) => found.Office));
const Verify = lazy(() => import("./receipt/Verify").then((found) => found.Verify));

function Page() {
  const t = said();
  const scope = sessions.value?.desk?.scope;
  const named = house.value ? either(house.value.name.zh, house.value.name.en) : t.name;
  const tongue = ({ zh: "hant", hant: "en", en: "zh" } as const)[lang.value];
  const next = { system: "light", light: "dark", dark: "system" } as const;
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.querySelector<HTMLElement>("a,button,textarea,input,[tabindex='0']")?.focus(); }}>
        {t.skip}
      </a>
      <header class={`bar ${scope ? "staffed" : ""}`}>
        <a class="brand" {...stay("counter")} aria-label={named}>
          <Mark />
          <span>{named}</span>
        </a>
        {scope && (
          <nav class="tabs" aria-label={t.views}>
            <a {...stay("counter")} aria-current={view.value === "counter" ? "page" : undefined}>
              {t.counter}
            </a>
            <a {...stay("desk")} aria-current={view.value === "desk" ? "page" : undefined}>
              {t.desk}
            </a>
            {scope !== "staff" && (
              <a {...stay("office")} aria-current={view.value === "office" ? "page" : undefined}>
                {t.office}
              </a>
            )}
          </nav>
        )}
        <button class="tongue" type="button" lang={TAGS[tongue]} aria-label={TONGUES[tongue][1]} title={TONGUES[tongue][1]} onClick={() => void speak(tongue)}>
          {TONGUES[tongue][0]}
        </button>
        <button class="round" type="button" aria-label={t.theme[theme.value]} title={t.theme[theme.value]} onClick={() => wear(next[theme.value])}>
          <Icon name={theme.value === "dark" ? "moon" : theme.value === "light" ? "sun" : "half"} />
        </button>
      </header>
      <Shown />
    </>
  );
}

function Shown() {
  const t = said();
  useEffect(show, []);
  if (view.value === "verify") return <Verify />;
  if (view.value === "login") return <Login once={part.value} />;
  if (view.value === "counter") return absent.value || sessions.value ? <Counter /> : <Wait label={t.loading} />;
  if (absent.value) {
    return (
      <main class="middle" id="main">
        <div class="plate card">
          <Trouble problem={absent.value} />
          <button class="button" type="button" onClick={() => void look()}>
            <Icon name="again" /> {t.again}
          </button>
        </div>
      </main>
    );
  }
  if (!sessions.value) return <Wait label={t.loading} />;
  if (!sessions.value.desk) return <Login once="" />;
  return view.value === "desk" ? <Desk /> : <Office />;
}

void (async () => {
  render(<Page />, document.getElementById("page") as HTMLElement);
  if (view.value === "login" && part.value) history.replaceState(null, "", location.href); // `Login` takes it from here
  await look(); // a visitor gets a session from `Counter`, which is shown next: two at once would part a talk from its session
})();
if (import.meta.env.PROD) void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
