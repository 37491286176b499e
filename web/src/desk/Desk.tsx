/** The staff's view: who waits on the left, the conversation in the middle, what it rests on and what may be done on the right. */
import { useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { Icon, Notice, Trouble } from "../bits";
import type { Message } from "../counter/talk";
import { go, part, stay } from "../route";
import { leave } from "../session";
import { day, either, time } from "../words";
import { all, close, listed, type Listed, lost, opened, set, trouble, watchCase, watchList } from "./cases";
import "./desk.css";
import { Editor } from "./Editor";
import { CustomerLink } from "./Link";
import { Side } from "./Side";
import { said } from "./words";

export function Desk() {
  const t = said();
  const id = part.value;
  const aside = useSignal(false); // on a phone: what is beside the conversation instead of it
  useEffect(watchList, [all.value]);
  useEffect(() => watchCase(id), [id]);
  useEffect(() => close, []);
  return (
    <main class={`deskview ${id ? "reading" : "listing"} ${aside.value ? "aside-open" : ""}`} id="main">
      <h1 class="hidden">{t.title}</h1>
      <List chosen={id} />
      {id ? <Middle id={id} beside={() => (aside.value = true)} /> : <p class="middle soft choose">{t.choose}</p>}
      {id && <Side id={id} back={() => (aside.value = false)} />}
    </main>
  );
}

function List({ chosen }: { chosen: string }) {
  const t = said();
  const link = useSignal(false);
  const talks = listed.value;
  return (
    <nav class="list" aria-label={t.talks}>
      <header>
        <div class="switch" role="group" aria-label={t.talks}>
          {([false, true] as const).map((every) => (
            <button key={String(every)} type="button" aria-pressed={all.value === every} onClick={() => (all.value = every)}>
              {every ? t.all : t.open}
            </button>
          ))}
        </div>
        <button class="quiet" type="button" onClick={() => (link.value = true)}>
          <Icon name="plus" /> {t.link}
        </button>
      </header>
      {link.value && <CustomerLink close={() => (link.value = false)} />}
      {lost.value && <Notice tone="warn" icon="warn">{t.lost}</Notice>}
      {talks?.length === 0 && (
        <div class="nobody">
          <p>{t.none}</p>
          <p class="small soft">{t.noneSub}</p>
        </div>
      )}
      <ul>
        {talks?.map((each) => (
          <li key={each.id}>
            <a {...stay("desk", each.id)} class="entry" aria-current={each.id === chosen ? "true" : undefined}>
              <Entry talk={each} />
            </a>
          </li>
        ))}
      </ul>
      <button class="quiet out" type="button" onClick={() => void leave("desk")}>
        {t.leave}
      </button>
      <p class="hidden" role="status">
        {talks?.some((each) => each.state === "waiting") ? t.newTalk : ""}
      </p>
    </nav>
  );
}

function Entry({ talk }: { talk: Listed }) {
  const t = said();
  const tone = talk.state === "waiting" ? "warn" : talk.state === "staff" ? "good" : "";
  return (
    <>
      <span class="top">
        <strong class="mono">{talk.customer || t.visitor}</strong>
        {talk.last && <time class="small soft num">{time(talk.last.at)}</time>}
      </span>
      <span class="words">{talk.last?.text ?? t.erased}</span>
      <span class="top">
        <span class={`chip ${tone}`}>
          {t.states[talk.state]}
          {talk.queue && ` · ${t.place(talk.queue.place)}`}
        </span>
        {talk.mine && <span class="chip good">{t.mine}</span>}
        {talk.order && <code class="small soft">{talk.order}</code>}
      </span>
    </>
  );
}

function Middle({ id, beside }: { id: string; beside: () => void }) {
  const t = said();
  const open = opened.value;
  const log = useRef<HTMLDivElement>(null);
  const many = open?.messages.length ?? 0;
  useLayoutEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [many, id]);
  useEffect(() => {
    const box = log.current;
    if (!box) return;
    const grown = new ResizeObserver(() => {
      box.scrollTop = box.scrollHeight; // the draft below took the room of the newest words
    });
    grown.observe(box);
    return () => grown.disconnect();
  }, []);
  const state = open?.talk.state;
  return (
    <section class="case">
      <header>
        <button class="round onphone" type="button" aria-label={t.back} onClick={() => go("desk")}>
          <Icon name="back" />
        </button>
        <h2>
          <span class="mono">{open?.summary?.customer || t.visitor}</span>
          {state && <span class={`chip ${state === "waiting" ? "warn" : state === "staff" ? "good" : ""}`}>{t.states[state]}</span>}
        </h2>
        <button class="quiet onphone" type="button" onClick={beside}>
          <Icon name="page" /> {t.beside}
        </button>
        {state && state !== "closed" && (
          <div class="doing">
            {state !== "staff" && (
              <button class="button slim main" type="button" onClick={() => void set(id, "staff")}>
                {t.take}
              </button>
            )}
            {state === "staff" && (
              <button class="button slim" type="button" onClick={() => void set(id, "waiting")}>
                {t.release}
              </button>
            )}
            {state !== "desk" && (
              <button class="button slim" type="button" onClick={() => void set(id, "desk")}>
                {t.toMachine}
              </button>
            )}
            <button class="button slim" type="button" onClick={() => void set(id, "closed")}>
              {t.end}
            </button>
          </div>
        )}
      </header>
      <div class="scrolls" ref={log} role="log" aria-label={t.talks} tabIndex={0}>
        <ol>{open?.messages.map((m) => <Line key={m.id} message={m} />)}</ol>
      </div>
      {trouble.value && <Trouble problem={trouble.value} />}
      {state && state !== "closed" && <Editor id={id} key={id} />}
    </section>
  );
}

const NOTICES: Record<string, [string, string]> = {
  handed_over: ["已转人工", "Handed over"], waiting: ["进入队列", "Joined the queue"], taken: ["人工接待", "Taken by staff"],
  returned: ["交回 AI", "Back to the AI"], closed: ["结束", "Closed"],
};

function Line({ message: m }: { message: Message }) {
  const t = said();
  if (m.who === "notice") {
    const words = NOTICES[m.notice ?? ""];
    return (
      <li class="notice-line small soft">
        {words ? either(...words) : m.text} · {day(m.at)}
      </li>
    );
  }
  return (
    <li class={`line ${m.who}`}>
      <p class="who small soft">
        {m.who === "customer" ? t.customer : m.who === "staff" ? t.staff : t.machine} <time class="num">{time(m.at)}</time>
      </p>
      {m.erased ? <p class="soft">{t.erased}</p> : m.text && <p class="text">{m.text}</p>}
      {m.pictures.map((p) => (
        <img key={p.id} src={`/v1/desk/pictures/${encodeURIComponent(p.id)}`} alt={t.picture} loading="lazy" />
      ))}
    </li>
  );
}
