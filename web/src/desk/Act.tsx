/** An action for the customer: dry run first, confirmed by a second step, recorded, and undone here. */
import { batch, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { get, post } from "../api";
import { Icon, Notice, Trouble } from "../bits";
import type { Both } from "../counter/talk";
import { kindName } from "../kinds";
import { useTry } from "../load";
import { day, either } from "../words";
import { opened } from "./cases";
import { said } from "./words";

interface Skill extends Both {
  name: string;
  arguments: { properties?: Record<string, { type?: string; enum?: string[]; description?: string }>; required?: string[] };
}
interface Refused extends Both {
  rule: string;
}
interface Plan {
  plan: string | null;
  skill: string;
  say: Both | null;
  facts: (Both & { name: string })[];
  changes: { kind: string; key: string; field: string; before: unknown; after: unknown }[];
  refusals: Refused[];
  needs: (Both & { slot: string; choices: string[] })[];
}
interface Done {
  action: string | null;
  say: Both | null;
  refusals: Refused[];
}
interface Action {
  action: string;
  skill: string;
  order: string;
  amount: string | null;
  role: string;
  asker: string;
  at: string;
  undone_at: string | null;
  undone_by: string | null;
}

export function Act({ talk }: { talk: string }) {
  const t = said();
  const skills = useSignal<Skill[]>([]);
  const name = useSignal("");
  const given = useSignal<Record<string, string>>({});
  const plan = useSignal<Plan | null>(null);
  const done = useSignal<Done | null>(null);
  const past = useSignal<Action[]>([]);
  const { problem, busy, run } = useTry();

  const recent = async () => {
    past.value = (await get<{ actions: Action[] }>("/v1/desk/actions?many=20")).actions;
  };
  useEffect(() => {
    void run(async () => {
      const found = (await get<{ skills: Skill[] }>("/v1/desk/skills")).skills;
      const order = opened.value?.summary?.order;
      batch(() => {
        skills.value = found;
        name.value = found[0]?.name ?? "";
        if (order) given.value = { order_no: order, order };
      });
      await recent();
    });
  }, []);
  /** A plan is of what was filled in: once that changes, it is no longer to be confirmed. */
  const change = (field: string, value: string) => {
    given.value = { ...given.value, [field]: value };
    plan.value = null;
  };

  const skill = skills.value.find((each) => each.name === name.value);
  const fields = Object.entries(skill?.arguments.properties ?? {});
  const dry = () =>
    run(async () => {
      done.value = null;
      const args = Object.fromEntries(
        fields.flatMap(([field, shape]) => {
          const value = (given.value[field] ?? "").trim();
          if (!value) return [];
          return [[field, shape.type === "integer" || shape.type === "number" ? Number(value) : value]];
        }),
      );
      const of = [name.value, given.value];
      const found = await post<Plan>("/v1/desk/plans", { skill: name.value, arguments: args, talk });
      if (of[0] === name.value && of[1] === given.value) plan.value = found;
    });
  const confirm = (id: string) =>
    run(async () => {
      const made = await post<Done>(`/v1/desk/plans/${encodeURIComponent(id)}/confirm`);
      batch(() => {
        done.value = made;
        plan.value = null;
      });
      await recent();
    });
  const undo = (id: string) =>
    run(async () => {
      await post(`/v1/desk/actions/${encodeURIComponent(id)}/undo`);
      await recent();
    });

  return (
    <div class="act">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void dry();
        }}
      >
        <label class="row">
          <span class="small soft">{t.skill}</span>
          <select
            class="field"
            value={name.value}
            onChange={(event) => {
              name.value = event.currentTarget.value;
              plan.value = null;
              done.value = null;
            }}
          >
            {skills.value.map((each) => (
              <option key={each.name} value={each.name}>
                {short(each)}
              </option>
            ))}
          </select>
        </label>
        {fields.map(([field, shape]) => (
          <label class="row" key={field}>
            <span class="small soft">
              {inTongue(shape.description) || <code>{field}</code>}
            </span>
            {shape.enum ? (
              <select class="field" value={given.value[field] ?? ""} onChange={(event) => change(field, event.currentTarget.value)}>
                <option value="" />
                {shape.enum.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            ) : (
              <input class="field" value={given.value[field] ?? ""} onInput={(event) => change(field, event.currentTarget.value)} />
            )}
          </label>
        ))}
        <button class="button" type="submit" disabled={!name.value || busy.value}>
          {t.dryRun}
        </button>
        <p class="small soft">{t.dryNote}</p>
      </form>
      {problem.value && <Trouble problem={problem.value} />}
      {plan.value && <Planned plan={plan.value} busy={busy.value} confirm={(id) => void confirm(id)} />}
      {done.value && (
        <Notice tone={done.value.action ? "good" : "bad"} icon={done.value.action ? "check" : "warn"}>
          {done.value.say ? either(done.value.say.zh, done.value.say.en) : ""}
          {done.value.refusals.map((r) => either(r.zh, r.en)).join(" ")}
        </Notice>
      )}
      <h3>{t.past}</h3>
      {past.value.length === 0 && <p class="small soft">{t.noPast}</p>}
      <ul class="past">
        {past.value.map((each) => (
          <li key={each.action}>
            <span>
              {(() => {
                const known = skills.value.find((s) => s.name === each.skill);
                return known ? short(known) : each.skill;
              })()}
              <br />
              <span class="small soft">
                <code>{each.order}</code> {each.amount} {day(each.at)}
              </span>
            </span>
            {each.undone_at ? (
              <span class="chip">{t.undone}</span>
            ) : (
              <button class="button slim" type="button" disabled={busy.value} onClick={() => void undo(each.action)}>
                <Icon name="undo" /> {t.undo}
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Without what it says in brackets: that the confirmation comes is said below. */
const short = (skill: Both) => either(skill.zh, skill.en).replace(/\s*[（(][^（(]*[)）]$/, "");

/** 「订单号 / order number」, in the language of the moment. */
function inTongue(description = ""): string {
  const [zh = "", en = ""] = description.split(" / ");
  return either(zh, en);
}

function Planned({ plan, busy, confirm }: { plan: Plan; busy: boolean; confirm: (id: string) => void }) {
  const t = said();
  return (
    <div class="planned card">
      {plan.say && <p>{either(plan.say.zh, plan.say.en)}</p>}
      {plan.facts.map((fact) => (
        <p class="small soft" key={fact.zh}>
          {either(fact.zh, fact.en)}
        </p>
      ))}
      {plan.refusals.map((refusal) => (
        <Notice tone="bad" icon="warn" key={refusal.rule + refusal.zh}>
          {either(refusal.zh, refusal.en)}
        </Notice>
      ))}
      {plan.needs.map((need) => (
        <Notice tone="warn" icon="warn" key={need.slot}>
          {either(need.zh, need.en)} {need.choices.join("、")}
        </Notice>
      ))}
      {plan.changes.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label={t.changes}>
          <table>
            <thead>
              <tr>
                <th>{t.changes}</th>
                <th>{t.before}</th>
                <th>{t.after}</th>
              </tr>
            </thead>
            <tbody>
              {plan.changes.map((change) => (
                <tr key={change.kind + change.key + change.field}>
                  <td>
                    {kindName(change.kind)} <code>{change.field}</code>
                  </td>
                  <td>
                    <del>{String(change.before ?? "—")}</del>
                  </td>
                  <td>
                    <ins>{String(change.after ?? "—")}</ins>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {plan.plan && (
        <button class="button main" type="button" disabled={busy} onClick={() => confirm(plan.plan as string)}>
          {t.confirm}
        </button>
      )}
    </div>
  );
}
