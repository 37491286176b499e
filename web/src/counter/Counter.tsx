/** The customer's view: a conversation on the left, on a wide screen the newest answer's 明白单 on the right. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon, Notice, Sheet, Trouble, Wait } from "../bits";
import { lazy } from "../lazy";
import { keep, kept } from "../store";
import { either, lang } from "../words";
import { Bubble } from "./Bubble";
import { Composer } from "./Composer";
import "./counter.css";
import { close, coming, focus, house, lost, messages, open, say, talk, trouble, turn, unsent } from "./talk";
import { said } from "./words";

const Slip = lazy(() => import("../receipt/Slip").then((found) => found.Slip));
const WIDE = matchMedia("(min-width: 1160px)");

export function Counter() {
  const t = said();
  const picked = useSignal<string | null>(null); // null: the newest
  const aside = useSignal(kept<boolean>("slip", true));
  const sheet = useSignal(false);
  const wide = useSignal(WIDE.matches);
  const away = useSignal(false); // scrolled up, away from the newest
  const log = useRef<HTMLDivElement>(null);
  const was = useRef({ top: 0, height: 0 });

  useEffect(() => {
    void open();
    const changed = () => {
      wide.value = WIDE.matches;
      if (WIDE.matches) sheet.value = false;
    };
    WIDE.addEventListener("change", changed);
    return () => {
      close();
      WIDE.removeEventListener("change", changed);
    };
  }, []);

  const answered = useComputed(() => messages.value.filter((m) => m.who === "desk" && m.mingbai?.receipt));
  const shown = useComputed(() => answered.value.find((m) => m.id === picked.value) ?? answered.value.at(-1));
  const many = messages.value.length;
  const words = coming.value;

  useLayoutEffect(() => {
    if (!away.value && log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [many, words, unsent.value, talk.value?.state]);
  useEffect(() => {
    // Cards and pictures get their height later: who was at the newest stays there.
    const box = log.current;
    if (!box) return;
    const grown = new ResizeObserver(() => {
      if (!away.value) box.scrollTop = box.scrollHeight;
    });
    grown.observe(box);
    for (const inner of box.children) grown.observe(inner);
    return () => grown.disconnect();
  }, [many === 0, house.value === null]);

  const openSlip = (id: string) => {
    picked.value = id;
    if (wide.value) {
      aside.value = true;
      keep("slip", true);
    } else sheet.value = true;
  };
  const ask = (text: string) => void say(text);

  if (house.value === null && !lost.value) {
    return trouble.value ? <Shut /> : <Wait label={t.loading} />;
  }
  const busy = words !== null || unsent.value.some((each) => !each.failed);
  const side = wide.value && aside.value && shown.value?.mingbai;
  const newest = messages.value.at(-1)?.id;
  return (
    <main class={`counter ${side ? "with-slip" : ""}`} id="main">
      <h1 class="hidden">{t.title}</h1>
      <section class="talk">
        <div
          class="scrolls"
          ref={log}
          onScroll={(event) => {
            const box = event.currentTarget;
            const up = box.scrollTop < was.current.top && box.scrollHeight === was.current.height; // not by what grew
            was.current = { top: box.scrollTop, height: box.scrollHeight };
            if (box.scrollHeight - box.scrollTop - box.clientHeight < 120) away.value = false;
            else if (up) away.value = true;
          }}
          tabIndex={0}
          role="log"
          aria-live="polite"
          aria-label={t.log}
        >
          {many === 0 && words === null && unsent.value.length === 0 ? (
            <Welcome ask={ask} />
          ) : (
            <ol class="messages">
              {messages.value.map((m) => (
                <Bubble
                  key={m.id}
                  message={m}
                  last={m.id === newest}
                  picked={Boolean(side) && m.id === shown.value?.id}
                  ask={ask}
                  openSlip={openSlip}
                />
              ))}
              {unsent.value.map(({ text, failed }, i) => (
                <li class="said customer" key={`${i} ${text}`}>
                  <p class="text">{text}</p>
                  {failed && (
                    <p class="failed">
                      {t.unsent}
                      <button class="quiet" type="button" disabled={busy} onClick={() => void say(text)}>
                        <Icon name="again" /> {t.again}
                      </button>
                    </p>
                  )}
                </li>
              ))}
              {words !== null && (
                <li class="said desk">
                  {words ? <p class="text">{words}</p> : <p class="dots" aria-label={t.coming}><i /><i /><i /></p>}
                </li>
              )}
            </ol>
          )}
          {trouble.value && <Trouble problem={trouble.value} />}
        </div>
        {away.value && (
          <button
            class="button slim newest"
            type="button"
            onClick={() => log.current?.scrollTo({ top: log.current.scrollHeight, behavior: "smooth" })}
          >
            <Icon name="down" /> {t.newer}
          </button>
        )}
        <div class="foot">
          <Standing />
          <Composer busy={busy} />
        </div>
      </section>
      {side && shown.value?.mingbai && (
        <aside class="aside" aria-label={t.slip}>
          <Slip
            answer={shown.value.mingbai}
            key={shown.value.id}
            close={() => {
              aside.value = false;
              keep("slip", false);
            }}
          />
        </aside>
      )}
      {sheet.value && !wide.value && shown.value?.mingbai && (
        <Sheet label={t.slip} kind="bottom" close={() => (sheet.value = false)}>
          <Slip answer={shown.value.mingbai} key={shown.value.id} close={() => (sheet.value = false)} />
        </Sheet>
      )}
    </main>
  );
}

function Welcome({ ask }: { ask: (text: string) => void }) {
  const t = said();
  const style = house.value?.style;
  const own = style?.questions[lang.value === "en" ? "en" : "zh"].map((each) => either(each, each)) ?? [];
  const questions = own.length ? own : t.questions;
  const greeting = style ? either(style.greeting.zh, style.greeting.en) : "";
  return (
    <div class="welcome">
      <h2>{greeting || t.hello(house.value ? either(house.value.name.zh, house.value.name.en) : "")}</h2>
      <p>{t.promise}</p>
      <ul class="questions">
        {questions.map((question) => (
          <li key={question}>
            <button type="button" onClick={() => ask(question)}>
              {question}
            </button>
          </li>
        ))}
      </ul>
      {house.value && (
        <p class="hours">
          <Icon name="clock" /> {either(house.value.hours.zh, house.value.hours.en)}
        </p>
      )}
    </div>
  );
}

/** What the customer should know of the moment: a lost connection, the queue, a model that is away, what is in focus. */
function Standing() {
  const t = said();
  const now = talk.value;
  const at = house.value;
  const engineAway = at !== null && !["ready", "serving"].includes(at.engine);
  const hours = now ?? at;
  return (
    <div class="standing">
      {lost.value && (
        <Notice tone="warn" icon="warn">
          {t.lost}
        </Notice>
      )}
      {!lost.value && engineAway && <Notice icon="warn">{t.engineDown}</Notice>}
      {now?.state === "waiting" && (
        <Notice tone="good" icon="person">
          <strong>{now.queue ? t.waiting(now.queue.place, now.queue.waiting) : t.waitingPlain}</strong>
          <br />
          <span class="small">
            {now.open_now === null ? "" : now.open_now ? `${t.openNow} · ` : `${t.closedNow} · `}
            {hours && either(hours.hours.zh, hours.hours.en)}
          </span>{" "}
          <button class="quiet inline" type="button" onClick={() => void turn("desk")}>
            {t.toDesk}
          </button>
        </Notice>
      )}
      {now?.state === "staff" && (
        <Notice tone="good" icon="person">
          {t.withStaff}{" "}
          <button class="quiet inline" type="button" onClick={() => void turn("desk")}>
            {t.toDesk}
          </button>
        </Notice>
      )}
      {(["order", "item"] as const).map(
        (what) =>
          focus.value[what] && (
            <p class="focus" key={what}>
              {t.lookingAt} {t[what]} <code>{focus.value[what]}</code>
              <button
                class="round tiny"
                type="button"
                aria-label={t.leaveFocus}
                onClick={() => (focus.value = { ...focus.value, [what]: "" })}
              >
                <Icon name="close" />
              </button>
            </p>
          ),
      )}
    </div>
  );
}

function Shut() {
  const t = said();
  return (
    <main class="middle" id="main">
      <div class="plate card">
        <h1>{t.shut}</h1>
        <p class="soft">{t.shutNext}</p>
        {trouble.value && <Trouble problem={trouble.value} />}
      </div>
    </main>
  );
}
