/** Files in: dropped, sent, imported with progress; every refused row with its reason. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { get, post, Problem, send } from "../api";
import { DropZone, Notice, Trouble } from "../bits";
import type { Both } from "../counter/talk";
import { kindsName } from "../kinds";
import { day, either, number } from "../words";
import { useLoad, useTry } from "../load";
import { said } from "./words";

interface Refused extends Both {
  line: number;
  column: string;
  mend_zh: string;
  mend_en: string;
}
interface Report {
  taken: number;
  changed: number;
  unchanged: number;
  refused: number;
  failed?: (Both & { file: string; mend_zh: string; mend_en: string })[];
  passed_over?: unknown[];
  sheets: { file?: string; sheet?: string; refusals: Refused[] }[];
}
export interface Import {
  import: string;
  seq: number;
  state: "receiving" | "running" | "done" | "failed";
  files: { name: string; bytes: number }[];
  done: number;
  total: number;
  report: Report | null;
  error: { zh?: string; en?: string; message?: string; next_zh?: string; next_en?: string } | null;
}
interface Shop {
  name: Both;
  rows: Record<string, number>;
  first_order_at: string | null;
  last_order_at: string | null;
}

export function Data() {
  const t = said();
  const shop = useLoad<Shop>("/v1/office/shop");
  const before = useLoad<{ imports: Import[] }>("/v1/office/imports");
  const running = useSignal<Import | null>(null);
  const sending = useSignal("");
  const { problem, run } = useTry();
  const gone = useRef(false);
  useEffect(
    () => () => {
      gone.current = true;
    },
    [],
  );

  const follow = async (id: string) => {
    for (let seq = 0; !gone.current; ) {
      const now: Import = await get(`/v1/office/imports/${encodeURIComponent(id)}?wait_seconds=10&after=${seq}`);
      running.value = now;
      seq = now.seq;
      if (now.state === "done" || now.state === "failed") break;
    }
    await Promise.all([shop.load(), before.load()]);
  };
  const take = (files: File[]) =>
    run(async () => {
      if (files.length === 0) return;
      running.value = null;
      const made = await post<{ import: string }>("/v1/office/imports");
      for (const file of files) {
        sending.value = file.name;
        await send(`/v1/office/imports/${encodeURIComponent(made.import)}/files/${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
      }
      sending.value = "";
      running.value = await post<Import>(`/v1/office/imports/${encodeURIComponent(made.import)}/start`, { dry_run: false });
      await follow(made.import);
    }).finally(() => {
      sending.value = "";
    });

  const rows = Object.entries(shop.value.value?.rows ?? {}).filter(([, n]) => n > 0);
  const s = shop.value.value;
  return (
    <>
      <DropZone icon="up" label={t.drop} many take={(files) => void take(files)}>
        <span>{t.drop}</span>
        <span class="small soft">{t.dropSub}</span>
      </DropZone>
      {problem.value && <Trouble problem={problem.value} />}
      {sending.value && <Notice icon="up">{t.sending(sending.value)}</Notice>}
      {running.value && <Imported found={running.value} open />}
      {s && rows.length > 0 && (
        <section>
          <h2>{t.inShop}</h2>
          <ul class="tiles">
            {rows.map(([kind, n]) => (
              <li key={kind}>
                <strong class="num">{number(n)}</strong>
                <span class="soft">{kindsName(kind, n)}</span>
              </li>
            ))}
          </ul>
          {s.first_order_at && s.last_order_at && <p class="small soft">{t.between(day(s.first_order_at), day(s.last_order_at))}</p>}
        </section>
      )}
      <section>
        <h2>{t.imports}</h2>
        {before.problem.value instanceof Problem && <Trouble problem={before.problem.value} />}
        {before.value.value?.imports.length === 0 && <p class="soft">{t.none}</p>}
        {before.value.value?.imports.filter((each) => each.import !== running.value?.import).map((each) => <Imported key={each.import} found={each} />)}
      </section>
    </>
  );
}

function Imported({ found, open = false }: { found: Import; open?: boolean }) {
  const t = said();
  const report = found.report;
  const tone = found.state === "failed" ? "bad" : found.state === "done" ? "good" : "";
  return (
    <article class="card imported" data-state={found.state}>
      <header>
        <strong>{found.files.map((f) => f.name).join("、") || found.import}</strong>
        <span class={`chip ${tone}`}>{t.states[found.state]}</span>
      </header>
      {found.state === "running" && (
        <>
          <progress max={Math.max(found.total, 1)} value={found.done} aria-label={t.importing} />
          <p class="small soft num" role="status">
            {t.rowsDone(number(found.done), number(found.total))}
          </p>
        </>
      )}
      {found.error && (
        <Notice tone="bad" icon="warn">
          {either(found.error.zh ?? "", found.error.en ?? "") || found.error.message} {either(found.error.next_zh ?? "", found.error.next_en ?? "")}
        </Notice>
      )}
      {report && (
        <p class="counts num">
          {(["taken", "changed", "unchanged", "refused"] as const).map((what) => (
            <span key={what} class={what === "refused" && report[what] > 0 ? "bad" : ""}>
              <strong>{number(report[what])}</strong> {t[what]}
            </span>
          ))}
        </p>
      )}
      {report?.failed?.map((each) => (
        <Notice tone="bad" icon="warn" key={each.file + each.zh}>
          {each.file} {either(each.zh, each.en)} {either(each.mend_zh, each.mend_en)}
        </Notice>
      ))}
      {report && report.passed_over && report.passed_over.length > 0 && (
        <p class="small soft">
          {t.passedOver} {report.passed_over.map((each) => (typeof each === "string" ? each : JSON.stringify(each))).join("、")}
        </p>
      )}
      {report && report.refused > 0 && <Refusals report={report} open={open} />}
    </article>
  );
}

const SHOWN = 50;

function Refusals({ report, open }: { report: Report; open: boolean }) {
  const t = said();
  const all = report.sheets.flatMap((sheet) => sheet.refusals.map((r) => ({ ...r, file: sheet.file ?? sheet.sheet ?? "" })));
  return (
    <details open={open}>
      <summary class="small">{t.whyRefused}</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={t.whyRefused}>
        <table>
          <thead>
            <tr>
              <th>{t.line}</th>
              <th>{t.column}</th>
              <th>{t.reason}</th>
              <th>{t.mend}</th>
            </tr>
          </thead>
          <tbody>
            {all.slice(0, SHOWN).map((r) => (
              <tr key={`${r.file}${r.line}${r.column}`}>
                <td class="num" title={r.file}>
                  {r.line}
                </td>
                <td>{r.column}</td>
                <td>{either(r.zh, r.en)}</td>
                <td class="soft">{either(r.mend_zh, r.mend_en)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {all.length > SHOWN && <p class="small soft">{t.more(number(all.length - SHOWN))}</p>}
    </details>
  );
}
