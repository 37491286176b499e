/** Reports that `mingbai prove` kept: shown as they are, figures in tables, whatever suite made them. */
import { useSignal } from "@preact/signals";
import { Trouble } from "../bits";
import { day, number } from "../words";
import { useLoad } from "../load";
import { said } from "./words";

type Value = null | boolean | number | string | Value[] | { [name: string]: Value };

export function Quality() {
  const t = said();
  const list = useLoad<{ reports: { report: string; suite: string; at: string; title: string }[] }>("/v1/office/reports");
  const chosen = useSignal("");
  const reports = list.value.value?.reports ?? [];
  const open = chosen.value || reports[0]?.report || "";
  const report = useLoad<Value>(open ? `/v1/office/reports/${encodeURIComponent(open)}` : "");
  return (
    <>
      {list.problem.value && <Trouble problem={list.problem.value} />}
      {list.value.value && reports.length === 0 && <p class="card empty">{t.noReports}</p>}
      {reports.length > 0 && (
        <ul class="choose-report">
          {reports.map((each) => (
            <li key={each.report}>
              <button type="button" class="card" aria-pressed={each.report === open} onClick={() => (chosen.value = each.report)}>
                <strong>{each.title || each.suite}</strong>
                <span class="small soft">{day(each.at)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {report.problem.value && <Trouble problem={report.problem.value} />}
      {report.value.value !== null && <Shown value={report.value.value} depth={0} />}
    </>
  );
}

const MANY = 40;

function Shown({ value, depth }: { value: Value; depth: number }) {
  if (value === null || typeof value === "boolean") return <code>{String(value)}</code>;
  if (typeof value === "number") return <span class="num">{number(value, 4)}</span>;
  if (typeof value === "string") return <span>{value}</span>;
  if (Array.isArray(value)) {
    if (value.every((each) => each === null || typeof each !== "object")) {
      return <span class="num">{value.slice(0, MANY).map((each) => (typeof each === "number" ? number(each, 4) : String(each))).join("、")}</span>;
    }
    return (
      <ol class="nested">
        {value.slice(0, MANY).map((each, i) => (
          <li key={i}>
            <Shown value={each} depth={depth + 1} />
          </li>
        ))}
      </ol>
    );
  }
  const plain = Object.entries(value).filter(([, each]) => each === null || typeof each !== "object");
  const deep = Object.entries(value).filter(([, each]) => each !== null && typeof each === "object");
  return (
    <div class="figures-of">
      {plain.length > 0 && (
        <dl class={depth === 0 ? "tiles" : "pairs"}>
          {plain.map(([name, each]) =>
            depth === 0 ? (
              <div key={name}>
                <dd>
                  <strong>
                    <Shown value={each} depth={1} />
                  </strong>
                </dd>
                <dt class="soft">{name.replaceAll("_", " ")}</dt>
              </div>
            ) : (
              [<dt key={name}>{name.replaceAll("_", " ")}</dt>, <dd key={`${name}=`}><Shown value={each} depth={depth + 1} /></dd>]
            ),
          )}
        </dl>
      )}
      {deep.map(([name, each]) => (
        <details key={name} open={depth < 1}>
          <summary>{name.replaceAll("_", " ")}</summary>
          <Shown value={each} depth={depth + 1} />
        </details>
      ))}
    </div>
  );
}
