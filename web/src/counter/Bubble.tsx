/** One message, and under an answer what it rests on. */
import { useState } from "preact/hooks";
import type { Answer, Fact } from "../api";
import { Icon } from "../bits";
import { kindName, shortKey } from "../kinds";
import { either, lang, time } from "../words";
import { Cards } from "./Cards";
import { house, type Message } from "./talk";
import { said } from "./words";

interface Props {
  message: Message;
  last: boolean;
  picked: boolean;
  ask: (text: string) => void;
  openSlip: (id: string) => void;
}

export function Bubble({ message, last, picked, ask, openSlip }: Props) {
  const t = said();
  const m = message;
  if (m.who === "notice") {
    return (
      <li class="said notice-line">
        <span>{t.notices[m.notice ?? ""] ?? m.text}</span>
      </li>
    );
  }
  const answer = m.mingbai;
  return (
    <li class={`said ${m.who} ${picked ? "picked" : ""}`}>
      <span class="hidden">{m.who === "customer" ? t.you : m.who === "staff" ? t.byPerson : t.byMachine}：</span>
      {m.who === "staff" && (
        <p class="by">
          <Icon name="person" /> {t.byPerson} <time>{time(m.at)}</time>
        </p>
      )}
      {m.erased ? <p class="text soft">{t.erased}</p> : m.text && <p class="text">{m.text}</p>}
      {m.pictures.length > 0 && (
        <div class="pictures">
          {m.pictures.map((p) => (
            <img key={p.id} src={`/v1/counter/pictures/${encodeURIComponent(p.id)}`} alt={t.imageOf} loading="lazy" />
          ))}
        </div>
      )}
      {answer && m.who === "desk" && (
        <>
          <Cards answer={answer} ask={ask} />
          {last && <Choices answer={answer} ask={ask} />}
          <Under message={m} answer={answer} openSlip={openSlip} />
        </>
      )}
    </li>
  );
}

/** What the desk asks back, as buttons: the values to choose from, or a yes and a no. */
function Choices({ answer, ask }: { answer: Answer; ask: (text: string) => void }) {
  const t = said();
  const values = [...new Set(answer.needs.flatMap((need) => need.choices))];
  if (answer.proposal) {
    return (
      <div class="choices" role="group" aria-label={t.asksYes}>
        <button class="button main" type="button" onClick={() => ask(t.yes)}>
          {t.yes}
        </button>
        <button class="button" type="button" onClick={() => ask(t.no)}>
          {t.no}
        </button>
      </div>
    );
  }
  if (values.length === 0) return null;
  return (
    <div class="choices">
      {values.map((value) => (
        <button key={value} class="button slim" type="button" onClick={() => ask(value)}>
          {value}
        </button>
      ))}
    </div>
  );
}

function Under({ message, answer, openSlip }: { message: Message; answer: Answer; openSlip: (id: string) => void }) {
  const t = said();
  const [copied, setCopied] = useState(false);
  const label = house.value ? either(house.value.label.zh, house.value.label.en) : answer.label;
  const copy = async () => {
    await navigator.clipboard?.writeText(`${message.text ?? ""}\n（${label}）`); // the label stays with a copy
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <footer class="under">
      <div class="line">
        <span class="chip">{label}</span>
        {answer.checked ? (
          <span class="quiet flat">
            <Icon name="check" /> {t.checked}
          </span>
        ) : (
          <span class="chip warn">{t.unchecked}</span>
        )}
        {answer.receipt && (
          <button class="quiet slipbutton" type="button" onClick={() => openSlip(message.id)} aria-label={t.openSlip}>
            <Icon name="shield" /> {t.slip}
          </button>
        )}
        <button class="quiet" type="button" onClick={() => void copy()} aria-label={copied ? t.copied : t.copy}>
          <Icon name={copied ? "check" : "copy"} />
        </button>
      </div>
      {answer.facts.length > 0 && (
        <details class="sources">
          <summary>
            <Icon name="down" />
            {t.sources(answer.facts.length)}
          </summary>
          <ol>
            {answer.facts.map((fact) => (
              <FactLine key={fact.name + fact.text} fact={fact} />
            ))}
          </ol>
        </details>
      )}
    </footer>
  );
}

export function FactLine({ fact }: { fact: Fact }) {
  void lang.value;
  const rows = [...new Map(fact.sources.map((s) => [s.kind + s.key, s])).values()];
  return (
    <li>
      <p>{fact.text}</p>
      <p class="from">
        {rows.slice(0, 4).map((s) => (
          <span key={s.kind + s.key} title={s.file ? `${s.file}:${s.line}` : s.key}>
            {kindName(s.kind)} <code>{shortKey(s.key)}</code>
          </span>
        ))}
        {rows.length > 4 && <span>+{rows.length - 4}</span>}
        {fact.rule && <span class="law">{fact.rule.source}</span>}
      </p>
    </li>
  );
}
