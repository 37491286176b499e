/** Beside the conversation: the hand-off's summary, the draft's facts, what may be done, what the customer may know and why. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, Problem } from "../api";
import { Icon, Trouble } from "../bits";
import { FactLine } from "../counter/Bubble";
import { intentName } from "../kinds";
import { either } from "../words";
import { Act } from "./Act";
import { draft, opened } from "./cases";
import { said } from "./words";

type Tab = "summary" | "facts" | "act" | "may";

export function Side({ id, back }: { id: string; back: () => void }) {
  const t = said();
  const tab = useSignal<Tab>("summary");
  const offered = draft.value && draft.value !== "waiting" ? draft.value : null;
  const facts = offered?.mingbai?.facts.length ? offered.mingbai.facts : (opened.value?.summary?.facts ?? []);
  const tabs: Tab[] = ["summary", "facts", "act", "may"];
  return (
    <aside class="side" aria-label={t.pane}>
      <div class="switch" role="group" aria-label={t.pane}>
        <button class="onphone" type="button" aria-label={t.toTalk} onClick={back}>
          <Icon name="back" />
        </button>
        {tabs.map((each) => (
          <button key={each} type="button" aria-pressed={tab.value === each} onClick={() => (tab.value = each)}>
            {t[each]}
            {each === "facts" && facts.length > 0 && <span class="num soft"> {facts.length}</span>}
          </button>
        ))}
      </div>
      <div class="sidebody">
        {tab.value === "summary" && <Summary />}
        {tab.value === "facts" &&
          (facts.length ? (
            <ol class="factlist">
              {facts.map((fact) => (
                <FactLine key={fact.name + fact.text} fact={fact} />
              ))}
            </ol>
          ) : (
            <p class="soft">{t.noFacts}</p>
          ))}
        {tab.value === "act" && <Act talk={id} key={id} />}
        {tab.value === "may" && <May id={id} key={id} />}
      </div>
    </aside>
  );
}

function Summary() {
  const t = said();
  const s = opened.value?.summary;
  if (!s) return null;
  return (
    <>
      {s.asked && (
        <blockquote>
          <span class="small soft">{t.asked}</span>
          <p>{s.asked}</p>
        </blockquote>
      )}
      <dl class="pairs">
        <dt>{t.reason}</dt>
        <dd>{t.reasons[s.reason] ?? s.reason}</dd>
        {s.order && (
          <>
            <dt>{t.order}</dt>
            <dd>
              <code>{s.order}</code>
            </dd>
          </>
        )}
        {s.item && (
          <>
            <dt>{t.item}</dt>
            <dd>
              <code>{s.item}</code>
            </dd>
          </>
        )}
        {s.intents.length > 0 && (
          <>
            <dt>{t.intents}</dt>
            <dd class="chips">
              {s.intents.map((name) => (
                <span class="chip" key={name}>
                  {intentName(name)}
                </span>
              ))}
            </dd>
          </>
        )}
        {s.refused.length > 0 && (
          <>
            <dt>{t.refused}</dt>
            <dd>
              <code>{s.refused.join("、")}</code>
            </dd>
          </>
        )}
        {s.receipts.length > 0 && (
          <>
            <dt>{t.receipts}</dt>
            <dd class="num">{s.receipts.length}</dd>
          </>
        )}
      </dl>
      {s.facts.length > 0 && (
        <ul class="factlist">
          {s.facts.slice(0, 4).map((fact) => (
            <FactLine key={fact.name + fact.text} fact={fact} />
          ))}
        </ul>
      )}
    </>
  );
}

interface Rights {
  caller: string;
  rows: {
    question: string;
    data: string;
    relation: string;
    place: string;
    allowed: boolean;
    by: string[];
    why: { zh: string; en: string }[];
    laws: { id: string; zh: string; en: string }[];
  }[];
}

function May({ id }: { id: string }) {
  const t = said();
  const found = useSignal<Rights | null>(null);
  const problem = useSignal<Problem | null>(null);
  useEffect(() => {
    get<Rights>(`/v1/desk/talks/${encodeURIComponent(id)}/rights`).then(
      (rights) => (found.value = rights),
      (failure: unknown) => {
        if (failure instanceof Problem) problem.value = failure;
      },
    );
  }, []);
  if (problem.value) return <Trouble problem={problem.value} />;
  if (!found.value) return <div class="spin" />;
  return (
    <>
      <p class="small soft">{t.mayLead}</p>
      <p>
        <span class="chip good">{t.callers[found.value.caller] ?? found.value.caller}</span>
      </p>
      <ul class="may">
        {found.value.rows.map((row) => (
          <li key={row.question + row.data + row.relation + row.place}>
            <details>
              <summary>
                <span class={`chip ${row.allowed ? "good" : "bad"}`}>
                  <Icon name={row.allowed ? "check" : "close"} /> {row.allowed ? t.allowed : t.denied}
                </span>
                {[t.questions[row.question] ?? row.question, row.place, t.data[row.data] ?? row.data].filter(Boolean).join(" ")} ·{" "}
                {(row.question === "send" ? t.regions : t.relations)[row.relation] ?? row.relation}
              </summary>
              {row.why.map((why) => (
                <p class="small" key={why.zh}>
                  {either(why.zh, why.en)}
                </p>
              ))}
              <p class="small soft">
                <code>{row.by.join(" ")}</code> {row.laws.map((law) => either(law.zh, law.en)).join("；")}
              </p>
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}
