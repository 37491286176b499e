/** The rights desk: what a person agreed to, everything of theirs, and erasure, with the certificate. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, post, Problem } from "../api";
import { Icon, Sheet, Trouble } from "../bits";
import { useLoad, useTry } from "../load";
import { bundleOf, Erasure, isErasure } from "../receipt/Erasure";
import { judged, publicKeys, type Verdict } from "../receipt/receipt";
import "../receipt/receipt.css";
import { Seal } from "../receipt/Slip";
import { day } from "../words";
import { said } from "./words";

interface Consent {
  seq: number;
  purpose: string;
  state: string;
  notice: string;
  version: number | string;
  basis: string;
  at: string;
  how: string;
}
interface Consents {
  agrees: string[];
  rows: Consent[];
}

function save(name: string, value: unknown): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(value, null, 2)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function People() {
  const t = said();
  const typed = useSignal("");
  const customer = useSignal("");
  const consents = useSignal<Consents | null>(null);
  const certificate = useSignal<unknown>(null);
  const erasing = useSignal(false);
  const { problem, run } = useTry();
  const of = (what: string) => `/v1/office/people/${encodeURIComponent(customer.value)}/${what}`;
  const look = async () => {
    const who = customer.value;
    const found = await get<Consents>(of("consents"));
    if (who === customer.value) consents.value = found; // never another one's
  };
  return (
    <>
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault();
          customer.value = typed.value.trim();
          consents.value = null;
          certificate.value = null;
          void run(look);
        }}
      >
        <input class="field mono" aria-label={t.who} placeholder="C10001" value={typed.value} onInput={(event) => (typed.value = event.currentTarget.value)} />
        <button class="button main" type="submit" disabled={!typed.value.trim()}>
          <Icon name="search" /> {t.lookUp}
        </button>
      </form>
      {problem.value && <Trouble problem={problem.value} />}
      {consents.value && (
        <article class="card person-of">
          <h2 class="mono">{customer.value}</h2>
          <p class="chips">
            <span class="soft">{t.agrees}</span>
            {consents.value.agrees.length === 0 && <span>{t.nothing}</span>}
            {consents.value.agrees.map((purpose) => (
              <span class="chip good" key={purpose}>
                {t.purposes[purpose] ?? purpose}
              </span>
            ))}
          </p>
          {consents.value.rows.length > 0 && (
            <div class="scroll" tabIndex={0} role="region" aria-label={t.consents}>
              <table class="stacked">
                <thead>
                  <tr>
                    {[t.purpose, "", t.notice, t.basis, t.at, t.how].map((name, i) => (
                      <th key={i}>{name}</th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {consents.value.rows.map((row) => (
                    <tr key={row.seq}>
                      <td data-name={t.purpose}>{t.purposes[row.purpose] ?? row.purpose}</td>
                      <td data-name="">
                        <span class={`chip ${row.state === "given" ? "good" : "warn"}`}>{t.states2[row.state] ?? row.state}</span>
                      </td>
                      <td data-name={t.notice}>
                        <span>
                          {row.notice} {row.version && `v${row.version}`}
                        </span>
                      </td>
                      <td data-name={t.basis}>{t.bases[row.basis] ?? row.basis}</td>
                      <td class="num" data-name={t.at}>{day(row.at)}</td>
                      <td data-name={t.how}>{row.how.split(": ").map((part) => t.ways[part] ?? part).join(" · ")}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <Record done={() => void run(look)} path={of("consents")} />
          <footer class="choices">
            <button class="button" type="button" onClick={() => void run(async () => save(`${customer.value}.json`, await get(of("export"))))}>
              <Icon name="load" /> {t.exportAll}
            </button>
            <button class="button bad" type="button" onClick={() => (erasing.value = true)}>
              {t.erase}
            </button>
          </footer>
        </article>
      )}
      {erasing.value && (
        <Erase
          customer={customer.value}
          close={() => (erasing.value = false)}
          done={(made) => {
            certificate.value = made;
            consents.value = null;
            erasing.value = false;
          }}
        />
      )}
      {certificate.value !== null && (
        <Certificate made={certificate.value} />
      )}
      <Notices />
    </>
  );
}

/** Verified here before it is handed out: what is given to a person must hold. */
function Certificate({ made }: { made: unknown }) {
  const t = said();
  const verdict = useSignal<Verdict | null>(null);
  const problem = useSignal<Problem | null>(null);
  useEffect(() => {
    const judge = async () => {
      const { lines } = await publicKeys();
      verdict.value = await judged(bundleOf(new TextEncoder().encode(JSON.stringify(made))), lines);
    };
    judge().catch((failure: unknown) => {
      if (!(failure instanceof Problem)) throw failure;
      problem.value = failure;
    });
  }, [made]);
  const receipt = verdict.value?.holds ? verdict.value.receipt : null;
  return (
    <article class="card certificate">
      {problem.value ? <Trouble problem={problem.value} /> : <Seal verdict={verdict.value} note="" />}
      {isErasure(receipt) && <Erasure receipt={receipt} />}
      <footer class="choices">
        <button class="button slim" type="button" onClick={() => save(`${t.certificate}.json`, made)}>
          <Icon name="load" /> {t.download}
        </button>
        <span class="small soft">{t.certificateNote}</span>
      </footer>
    </article>
  );
}

function Record({ path, done }: { path: string; done: () => void }) {
  const t = said();
  const purpose = useSignal("training");
  const state = useSignal("withdrawn");
  const notice = useSignal("");
  const { problem, run } = useTry();
  return (
    <details>
      <summary class="small">{t.addConsent}</summary>
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            await post(path, { state: state.value, purpose: purpose.value, notice: notice.value, lang: "zh", category: "conversation", region: "CN", basis: "consent", how: "staff" });
            done();
          });
        }}
      >
        <select class="field" aria-label={t.purpose} value={purpose.value} onChange={(event) => (purpose.value = event.currentTarget.value)}>
          {Object.entries(t.purposes).map(([value, shown]) => (
            <option key={value} value={value}>
              {shown}
            </option>
          ))}
        </select>
        <select class="field" aria-label={t.consents} value={state.value} onChange={(event) => (state.value = event.currentTarget.value)}>
          {Object.entries(t.states2).map(([value, shown]) => (
            <option key={value} value={value}>
              {shown}
            </option>
          ))}
        </select>
        <input class="field" aria-label={t.notice} placeholder={t.notice} value={notice.value} onInput={(event) => (notice.value = event.currentTarget.value)} />
        <button class="button" type="submit">
          {t.save}
        </button>
      </form>
      {problem.value && <Trouble problem={problem.value} />}
    </details>
  );
}

function Erase({ customer, close, done }: { customer: string; close: () => void; done: (made: unknown) => void }) {
  const t = said();
  const again = useSignal("");
  const { problem, busy, run } = useTry();
  return (
    <Sheet label={t.erase} close={close}>
      <form
        class="plate"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const path = `/v1/office/people/${encodeURIComponent(customer)}/erase`;
            done((await post<{ stores: unknown }>(path, { really: again.value.trim() })).stores); // without the customer's number
          });
        }}
      >
        <h2>{t.erase}</h2>
        <p>
          {t.eraseLead} <code>{customer}</code>
        </p>
        {problem.value && <Trouble problem={problem.value} />}
        <input class="field mono" aria-label={t.who} value={again.value} onInput={(event) => (again.value = event.currentTarget.value)} />
        <button class="button bad" type="submit" disabled={again.value.trim() !== customer || busy.value}>
          {t.eraseDo}
        </button>
      </form>
    </Sheet>
  );
}

function Notices() {
  const t = said();
  const found = useLoad<{ notices: { id: string; version: number | string; lang: string; sha256: string }[] }>("/v1/office/notices");
  const id = useSignal("");
  const text = useSignal("");
  const { problem, run } = useTry();
  return (
    <section>
      <h2>{t.notices}</h2>
      <ul class="chips">
        {found.value.value?.notices.map((n) => (
          <li class="chip" key={n.id + n.version + n.lang} title={n.sha256}>
            {n.id} v{n.version} {n.lang}
          </li>
        ))}
      </ul>
      <details>
        <summary class="small">{t.newNotice}</summary>
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void run(async () => {
              await post("/v1/office/notices", { id: id.value.trim(), lang: "zh", text: text.value });
              text.value = "";
              await found.load();
            });
          }}
        >
          <input class="field" aria-label={t.id} placeholder="training" value={id.value} onInput={(event) => (id.value = event.currentTarget.value)} />
          <textarea class="field" rows={4} aria-label={t.text} placeholder={t.text} value={text.value} onInput={(event) => (text.value = event.currentTarget.value)} />
          <button class="button" type="submit" disabled={!id.value.trim() || !text.value.trim()}>
            {t.save}
          </button>
        </form>
        {problem.value && <Trouble problem={problem.value} />}
      </details>
    </section>
  );
}
