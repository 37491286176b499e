/** 明白单: what stands behind one answer, and whether its signed receipt verifies in this browser. */
import { useEffect, useState } from "preact/hooks";
import { type Answer, Problem } from "../api";
import { Icon, Notice } from "../bits";
import { intentName, kindName, shortKey } from "../kinds";
import { stay } from "../route";
import { day, number, percent } from "../words";
import { download, fetched, flipped, judged, publicKeys, type Receipt, type Verdict } from "./receipt";
import "./receipt.css";
import { said } from "./words";

export function Slip({ answer, close }: { answer: Answer; close?: () => void }) {
  const t = said();
  const [bundle, setBundle] = useState<Uint8Array | null>(null);
  const [keys, setKeys] = useState<{ lines: string[]; changed: boolean } | null>(null);
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const [first, setFirst] = useState<Receipt | null>(null);
  const [turned, setTurned] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    let gone = false;
    const load = async () => {
      try {
        const [bytes, found] = await Promise.all([fetched(answer.receipt), publicKeys()]);
        const result = await judged(bytes, found.lines);
        if (gone) return;
        setBundle(bytes);
        setKeys(found);
        setVerdict(result);
        if (result.holds) setFirst(result.receipt);
      } catch (failure) {
        if (!gone && failure instanceof Problem) setProblem(failure);
      }
    };
    void load();
    return () => {
      gone = true;
    };
  }, [answer.receipt]);

  const flip = async () => {
    if (!bundle || !keys) return;
    const result = await judged(turned ? bundle : flipped(bundle), keys.lines);
    setTurned(!turned); // together with its verdict
    setVerdict(result);
  };

  return (
    <article class="slip">
      <header>
        <h2>{t.title}</h2>
        {close && (
          <button class="round" type="button" onClick={close} aria-label={t.close}>
            <Icon name="close" />
          </button>
        )}
      </header>
      {problem ? (
        <Notice tone="bad" icon="warn">
          {t.noReceipt}：{problem.what}
        </Notice>
      ) : (
        <Seal verdict={verdict} note={turned ? t.flipNote : ""} />
      )}
      {keys?.changed && (
        <Notice tone="warn" icon="warn">
          {t.keysChanged}
        </Notice>
      )}
      <Account answer={answer} receipt={first} />
      {bundle && (
        <footer>
          <button class="button slim" type="button" onClick={() => download(bundle, `mingbai-${answer.receipt}.json`)}>
            <Icon name="load" /> {t.download}
          </button>
          <button class="quiet" type="button" onClick={() => void flip()}>
            <Icon name={turned ? "undo" : "bolt"} /> {turned ? t.restore : t.flip}
          </button>
          <a class="quiet" {...stay("verify")}>
            {t.elsewhere}
          </a>
          <details>
            <summary class="small soft">{t.raw}</summary>
            <pre class="mono" tabIndex={0}>
              {JSON.stringify(JSON.parse(new TextDecoder().decode(bundle)), null, 1)}
            </pre>
          </details>
        </footer>
      )}
    </article>
  );
}

export function Seal({ verdict, note }: { verdict: Verdict | null; note: string }) {
  const t = said();
  if (verdict === null) {
    return (
      <div class="seal" role="status">
        <div class="spin" />
        <p>{t.verifying}</p>
      </div>
    );
  }
  return (
    <div class={`seal ${verdict.holds ? "holds" : "broken"}`} role="status" data-verdict={verdict.holds ? "holds" : verdict.step}>
      <Icon name={verdict.holds ? "shield" : "broken"} />
      <p>
        <strong>{verdict.holds ? t.holds : t.broken}</strong>
        <span class="small">
          {note} {verdict.holds ? t.holdsWhy(number(verdict.index + 1), number(verdict.size)) : t.brokenWhy[verdict.step]}
          {verdict.holds && verdict.witnesses.length > 0 && ` ${t.witness(verdict.witnesses.length)}`}
        </span>
      </p>
    </div>
  );
}

/** The account in sections. What only this answer's own data has (texts of rows, seconds) comes from `answer`. */
export function Account({ answer, receipt }: { answer?: Answer | undefined; receipt: Receipt | null }) {
  const t = said();
  const intents = receipt
    ? receipt.understood.map((g) => ({ name: g.intent, p: g.permille / 1000 }))
    : (answer?.intents ?? []);
  const counted = new Map<string, number>();
  for (const e of receipt?.evidence ?? []) for (const row of e.rows) counted.set(row.kind, (counted.get(row.kind) ?? 0) + 1);
  const rows = [
    ...new Map((answer?.facts ?? []).flatMap((f) => f.sources).map((s) => [`${s.kind} ${s.key}`, s] as const)).values(),
  ];
  const masks = Object.entries(receipt?.masks ?? answer?.masked ?? {});
  const refused = [...new Set(answer?.refused ?? receipt?.evidence.flatMap((e) => e.refused) ?? [])];
  const own = receipt === null || receipt.place.operator === "own" || receipt.place.id === "template";
  return (
    <div class="account">
      <section>
        <h3>{t.understood}</h3>
        {intents.length === 0 && <p class="soft">{t.unsure}</p>}
        {intents.map((each) => (
          <div class="guess" key={each.name}>
            <span>{intentName(each.name)}</span>
            <meter min={0} max={1} value={each.p} aria-label={t.sure(percent(each.p))} />
            <span class="small soft num">{percent(each.p)}</span>
          </div>
        ))}
        {refused.length > 0 && (
          <p>
            <span class="chip warn">{t.refused}</span> <code>{refused.join("、")}</code>
          </p>
        )}
      </section>
      <section>
        <h3>{t.rows}</h3>
        {rows.length > 0 ? (
          <dl class="rows">
            {[...new Set(rows.map((s) => s.kind))].map((kind) => [kind, rows.filter((s) => s.kind === kind)] as const).map(([kind, these]) => (
              <div key={kind}>
                <dt class="chip">
                  {kindName(kind)} {these.length > 1 && <span class="num">{these.length}</span>}
                </dt>
                {these.slice(0, 4).map((s) => (
                  <dd key={s.key} title={s.file ? `${s.file}:${s.line}` : s.key}>
                    <code>{shortKey(s.key)}</code>
                  </dd>
                ))}
                {these.length > 4 && <dd class="small soft">+{these.length - 4}</dd>}
              </div>
            ))}
          </dl>
        ) : counted.size > 0 ? (
          <p class="chips">
            {[...counted].map(([kind, n]) => (
              <span class="chip" key={kind}>
                {kindName(kind)} × {n}
              </span>
            ))}
          </p>
        ) : (
          <p class="soft">{t.noRows}</p>
        )}
        {(rows.length > 0 || counted.size > 0) && <p class="small soft">{t.commitNote}</p>}
      </section>
      <section>
        <h3>{t.masks}</h3>
        {masks.length > 0 ? (
          <p class="chips">
            {masks.map(([kind, n]) => (
              <span class="chip" key={kind}>
                {kindName(kind)} × {n}
              </span>
            ))}
          </p>
        ) : (
          <p class="soft">{own ? t.masksOwn : t.noMasks}</p>
        )}
      </section>
      {receipt && (
        <section>
          <h3>{t.place}</h3>
          <p>
            {receipt.place.id === "template" ? t.template : own ? t.own : `${receipt.place.operator} · ${receipt.place.id}`}
            {receipt.place.country && <span class="chip">{receipt.place.country}</span>}
          </p>
          <p class="small soft">{receipt.place.laws.length ? t.laws(receipt.place.laws.join("、")) : t.noLaws}</p>
        </section>
      )}
      <section>
        <h3>{t.phrased}</h3>
        {receipt?.model ? (
          <>
            <p>{t.byModel(answer?.model_sentences ?? 1)}</p>
            <p class="small">
              <code>
                {receipt.model.name} · {receipt.model.quant}
              </code>
            </p>
            <p class="small soft">
              {t.digest} <code>{receipt.model.sha256}</code>
            </p>
          </>
        ) : (
          <p>{answer?.phrased_by === "model" ? t.byModel(answer.model_sentences) : t.byTemplate}</p>
        )}
      </section>
      {receipt && (
        <>
          <section>
            <h3>{t.checks}</h3>
            <p>{receipt.checks.passed > 0 ? t.passed(receipt.checks.passed) : <span class="soft">{t.noChecks}</span>}</p>
            {receipt.checks.failed.length > 0 && (
              <p>
                <span class="chip warn">{t.failed}</span> <code>{receipt.checks.failed.join("、")}</code>
              </p>
            )}
          </section>
          {receipt.policy.by.length > 0 && (
            <section>
              <h3>{t.policy}</h3>
              <p class="chips">
                {receipt.policy.by.map((id) => (
                  <code class="chip" key={id}>
                    {id}
                  </code>
                ))}
              </p>
            </section>
          )}
          <section>
            <h3>{t.cost}</h3>
            <p class="num">
              {[
                receipt.cost.tokens_out || receipt.cost.tokens_in
                  ? t.tokens(number(receipt.cost.tokens_in), number(receipt.cost.tokens_out))
                  : "",
                t.energy(number(receipt.cost.energy_mj / 1000, 2)),
                answer ? t.took(number(total(answer.seconds), 2)) : "",
              ]
                .filter(Boolean)
                .join(" · ")}
            </p>
            <p class="small soft">
              {day(receipt.time)} · <code>{receipt.id}</code>
            </p>
          </section>
        </>
      )}
    </div>
  );
}

function total(seconds: Record<string, number>): number {
  return ["understand", "admit", "ground", "answer"].reduce((sum, step) => sum + (seconds[step] ?? 0), 0);
}
