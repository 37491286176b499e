/** The rules in plain words with their laws, who may see what, and a case to try. */
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { Icon, Trouble } from "../bits";
import type { Both } from "../counter/talk";
import { either, lang } from "../words";
import { useLoad, useTry } from "../load";
import { said } from "./words";

interface Law extends Both {
  id: string;
  source?: string;
  checked?: string | null;
}
interface Cell {
  caller: string;
  data: string;
  relation: string;
  masked: boolean;
  allowed: boolean;
  by: string[];
}
interface Found {
  sha256: string;
  rules: (Both & { id: string; effect: string; laws: Law[] })[];
  matrix: Record<string, Cell[]>;
}

export function Policy() {
  const t = said();
  const found = useLoad<Found>("/v1/office/policy");
  if (found.problem.value) return <Trouble problem={found.problem.value} />;
  const p = found.value.value;
  if (!p) return <div class="spin" />;
  return (
    <>
      <Explain />
      {Object.entries(p.matrix).map(([what, cells]) => (
        <Matrix key={what} what={what} cells={cells} />
      ))}
      <section>
        <h2>{t.rules}</h2>
        <ul class="rules">
          {p.rules.map((rule) => (
            <li key={rule.id}>
              <span class={`chip ${rule.effect === "permit" ? "good" : "bad"}`}>{rule.effect === "permit" ? t.permit : t.forbid}</span>
              <div>
                <p>{either(rule.zh, rule.en)}</p>
                <p class="small soft">
                  <code>{rule.id}</code>{" "}
                  {rule.laws.map((law) => (
                    <span key={law.id}>
                      {either(law.zh, law.en)}{" "}
                      {law.checked ? `(${t.readOn(law.checked)})` : <span class="chip warn">{t.unread}</span>}{" "}
                    </span>
                  ))}
                </p>
              </div>
            </li>
          ))}
        </ul>
        <p class="small soft">
          SHA-256 <code>{p.sha256}</code>
        </p>
      </section>
    </>
  );
}

/** Rows: whose data of what kind; columns: who asks. */
function Matrix({ what, cells }: { what: string; cells: Cell[] }) {
  const t = said();
  const callers = [...new Set(cells.map((c) => c.caller))];
  const rows = merged(cells, callers);
  return (
    <section>
      <h2>
        {what === "see" ? t.matrix : what === "change" ? t.matrixChange : what}
      </h2>
      <div class="scroll card" tabIndex={0} role="region" aria-label={t.matrix}>
        <table class="matrix">
          <thead>
            <tr>
              <th>{t.data}</th>
              {callers.map((caller) => (
                <th key={caller}>{t.callers[caller] ?? caller}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.data + row.whose.map((each) => each.relation + each.masked).join()}>
                <th scope="row">
                  {t.kinds[row.data] ?? row.data}{" "}
                  <span class="soft">
                    {whose(row.whose, new Set(cells.map((c) => c.relation)).size)}
                  </span>
                </th>
                {callers.map((caller, i) => {
                  const cell = row.cells[i];
                  return (
                    <td key={caller} title={cell?.by.join(" ")}>
                      {cell && (
                        <span class={cell.allowed ? "yes" : "no"}>
                          <Icon name={cell.allowed ? "check" : "close"} />
                          <span class="hidden">{cell.allowed ? t.allowed : t.denied}</span>
                        </span>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** Whose data: nothing where it is the same for all, and no word of masks where they make no difference. */
function whose(cells: Cell[], relations: number): string {
  const t = said();
  const names = [...new Set(cells.map((c) => c.relation))];
  const both = (name: string) => new Set(cells.filter((c) => c.relation === name).map((c) => c.masked)).size === 2;
  if (names.length === relations && names.every(both)) return "";
  const only = (name: string) => (!both(name) && cells.some((c) => c.relation === name && c.masked) ? (lang.value === "en" ? ` (${t.masked})` : `（${t.masked}）`) : "");
  return names.map((name) => `${t.relations[name] ?? name}${only(name)}`).join(lang.value === "en" ? ", " : "、");
}

/** Rows that say the same of everybody become one, per kind of data. */
function merged(cells: Cell[], callers: string[]) {
  const lines = new Map<string, Cell[]>();
  for (const c of cells) {
    const key = `${c.data}/${c.relation}/${c.masked}`;
    lines.set(key, [...(lines.get(key) ?? []), c]);
  }
  const rows = new Map<string, { data: string; whose: Cell[]; cells: (Cell | undefined)[] }>();
  for (const line of lines.values()) {
    const first = line[0] as Cell;
    const of = callers.map((caller) => line.find((c) => c.caller === caller));
    const key = `${first.data}:${of.map((c) => (c ? Number(c.allowed) : "-")).join("")}`;
    const row = rows.get(key) ?? { data: first.data, whose: [], cells: of };
    row.whose.push(first);
    rows.set(key, row);
  }
  return [...rows.values()];
}

interface Reason {
  allowed: boolean;
  by: string[];
  why: Both[];
  laws: Law[];
}

function Explain() {
  const t = said();
  const asked = useSignal({ ask: "see", caller: "staff", data: "personal", relation: "other", masked: false, has_case: false });
  const reason = useSignal<Reason | null>(null);
  const { problem, run } = useTry();
  const set = (change: Partial<typeof asked.value>) => {
    asked.value = { ...asked.value, ...change };
    reason.value = null; // it was of another case
  };
  const pick = (name: "caller" | "data" | "relation", label: string, options: Record<string, string>) => (
    <label class="row">
      <span class="small soft">{label}</span>
      <select class="field" value={asked.value[name]} onChange={(event) => set({ [name]: event.currentTarget.value })}>
        {Object.entries(options).map(([value, shown]) => (
          <option key={value} value={value}>
            {shown}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <section class="card explain">
      <h2>{t.explain}</h2>
      <p class="small soft">{t.explainLead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const of = asked.value;
            const { ask, caller, data, relation, masked, has_case } = of;
            const body = { ask, caller, data, relation, purpose: "service", masked, has_case, consents: [] };
            const found = await post<Reason>("/v1/office/policy/explain", body);
            if (of === asked.value) reason.value = found;
          });
        }}
      >
        {pick("caller", t.caller, t.callers)}
        {pick("relation", t.relation, t.relations)}
        {pick("data", t.data, Object.fromEntries(["personal", "sensitive", "aggregate", "public"].map((each) => [each, t.kinds[each] ?? each])))}
        <label class="tick">
          <input type="checkbox" checked={asked.value.masked} onChange={(event) => set({ masked: event.currentTarget.checked })} /> {t.masked}
        </label>
        <label class="tick">
          <input type="checkbox" checked={asked.value.has_case} onChange={(event) => set({ has_case: event.currentTarget.checked })} /> {t.hasCase}
        </label>
        <button class="button" type="submit">
          {t.ask}
        </button>
      </form>
      {problem.value && <Trouble problem={problem.value} />}
      {reason.value && (
        <div class={`notice ${reason.value.allowed ? "good" : "bad"}`} role="status">
          <Icon name={reason.value.allowed ? "check" : "close"} />
          <div>
            <strong>{reason.value.allowed ? t.allowed : t.denied}</strong> {reason.value.why.map((why) => either(why.zh, why.en)).join(" ")}
            <br />
            <span class="small">
              <code>{reason.value.by.join(" ")}</code> {reason.value.laws.map((law) => either(law.zh, law.en)).join("；")}
            </span>
          </div>
        </div>
      )}
    </section>
  );
}
