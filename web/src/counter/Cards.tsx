/** What an answer's facts are about, to be seen at a glance: a parcel's way, goods on offer. Words are the facts' own. */
import type { Answer, Fact } from "../api";
import { Icon } from "../bits";
import { said } from "./words";

export function Cards({ answer, ask }: { answer: Answer; ask: (text: string) => void }) {
  const orders = new Map<string, Fact[]>();
  const goods: Offer[] = [];
  for (const fact of answer.facts) {
    if (/^(order|parcel)\./.test(fact.name) && fact.about) orders.set(fact.about, [...(orders.get(fact.about) ?? []), fact]);
    if (fact.name === "product.offer") goods.push(offer(fact));
  }
  const shown = answer.handoff ? [] : [...orders].filter(([, facts]) => facts.some((f) => f.name === "parcel.last_event" || f.name === "order.lines"));
  return (
    <>
      {shown.map(([no, facts]) => (
        <OrderCard key={no} no={no} facts={facts} />
      ))}
      {goods.length > 1 && (
        <ul class="goods">
          {goods.map((each) => (
            <li key={each.no}>
              <button class="item card" type="button" onClick={() => ask(said().askAbout(each.name))}>
                <span class="itemname">{each.name}</span>
                {each.price && <span class="price num">{each.price}</span>}
                {each.rest && <span class="small soft">{each.rest}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

interface Offer {
  no: string;
  name: string;
  price: string;
  rest: string;
}

function offer(fact: Fact): Offer {
  const named = /^[《“"](.+?)[》”"]\s*[:：]?\s*/.exec(fact.text) ?? /^([^.。]+?), (?=from )/.exec(fact.text);
  const after = named ? fact.text.slice(named[0].length) : fact.text;
  const priced = /(?:from )?[¥￥$€]\s?[\d,]+(?:\.\d+)?(?: 起)?/.exec(after);
  const rest = priced ? after.replace(priced[0], "").replace(/^[\s。.,，;；]+/, "") : after;
  return { no: fact.about, name: named?.[1] ?? fact.about, price: priced?.[0] ?? "", rest: named ? rest : fact.text };
}

function OrderCard({ no, facts }: { no: string; facts: Fact[] }) {
  const text = (name: string) => facts.find((f) => f.name === name)?.text ?? "";
  const events = facts.filter((f) => f.name === "parcel.last_event" || f.name === "parcel.event").map((f) => moment(f.text));
  const lines = text("order.lines").replace(/^[^：:]*[：:]\s*/, "").replace(/[。.]$/, "").split(/[；;]\s*/).filter(Boolean);
  const state = text("order.state").replace(no, "").replace(/^(订单|訂單|Order)\s*/i, "").replace(/[。.]\s*$/, "").trim().replace(/^is /, "");
  const [newest, ...before] = events;
  return (
    <section class="order card" aria-label={`${said().orderCard} ${no}`}>
      <header>
        <Icon name="box" />
        <span class="mono">{no}</span>
        {state && <span class="chip good">{state}</span>}
      </header>
      {newest && (
        <ol class="way">
          <li class="now">
            <time>{newest.at}</time>
            <span>{newest.what}</span>
          </li>
        </ol>
      )}
      {before.length > 0 && (
        <details>
          <summary class="small">{said().earlier(before.length)}</summary>
          <ol class="way">
            {before.map((each) => (
              <li key={each.at + each.what}>
                <time>{each.at}</time>
                <span>{each.what}</span>
              </li>
            ))}
          </ol>
        </details>
      )}
      {lines.length > 0 && (
        <ul class="lines small soft">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** 「最近一条物流：11月11日 11:55，快件离开…」 as a time and what happened then. */
function moment(text: string): { at: string; what: string } {
  const bare = text.replace(/^[^：:\d]*[：:]\s*/, "");
  const at = /^(\d+月\d+日 \d+:\d+|[A-Z][a-z]+ \d+(?:, \d+)?,? (?:at )?\d+:\d+|\d+ [A-Z][a-z]+,? \d+:\d+)[，,:]?\s*/.exec(bare);
  return at ? { at: at[1] ?? "", what: bare.slice(at[0].length) } : { at: "", what: bare };
}
