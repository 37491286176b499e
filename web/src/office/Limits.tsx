/** Bounds of what is done without asking: per role, each time and per hour; at night they halve. */
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { Notice, Trouble } from "../bits";
import { useLoad, useTry } from "../load";
import { said } from "./words";

interface Bound {
  most: string[] | null;
  per_hour: number | null;
  shop_per_hour: number | null;
}
const ROLES = ["customer", "staff", "owner"] as const;
type Limits = Record<(typeof ROLES)[number], Bound | null> & { night_from: number | null; night_to: number | null };
type Form = Record<string, string>;

export function LimitsOf() {
  const found = useLoad<Limits>("/v1/office/limits");
  if (found.problem.value) return <Trouble problem={found.problem.value} />;
  if (!found.value.value) return <div class="spin" />;
  return <LimitsForm limits={found.value.value} />;
}

/** Filled before it is first seen: what is typed at once must not be written over. */
function LimitsForm({ limits }: { limits: Limits }) {
  const t = said();
  const form = useSignal<Form>(toForm(limits));
  const saved = useSignal(false);
  const { problem, busy, run } = useTry();
  const names = { most: t.most, per_hour: t.perHour, shop_per_hour: t.shopPerHour };
  const put = (name: string) => (event: { currentTarget: HTMLInputElement }) => {
    form.value = { ...form.value, [name]: event.currentTarget.value };
    saved.value = false;
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          const sent = form.value;
          const kept = await post<Limits>("/v1/office/limits", fromForm(sent), "PUT");
          if (form.value !== sent) return; // typed on meanwhile: that is not saved yet
          form.value = toForm(kept);
          saved.value = true;
        });
      }}
    >
      <p class="small soft">{t.emptyNoBound}</p>
      <div class="scroll card padded" tabIndex={0} role="region" aria-label={t.parts.limits}>
        <table class="form-table stacked">
          <thead>
            <tr>
              {[t.role, t.most, t.perHour, t.shopPerHour].map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {ROLES.map((role) => (
              <tr key={role}>
                <th scope="row">{t.scopes[role]}</th>
                {(["most", "per_hour", "shop_per_hour"] as const).map((what) => (
                  <td key={what} data-name={names[what]}>
                    <input
                      class="field num"
                      aria-label={`${t.scopes[role]} ${names[what]}`}
                      placeholder={t.noBound}
                      inputMode={what === "most" ? "text" : "numeric"}
                      value={form.value[`${role}.${what}`] ?? ""}
                      onInput={put(`${role}.${what}`)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <fieldset class="night">
        <legend>{t.night}</legend>
        <label>
          {t.from} <input class="field num" type="number" min={0} max={23} value={form.value.night_from ?? ""} onInput={put("night_from")} /> {t.hour}
        </label>
        <label>
          {t.to} <input class="field num" type="number" min={0} max={24} value={form.value.night_to ?? ""} onInput={put("night_to")} /> {t.hour}
        </label>
      </fieldset>
      {problem.value && <Trouble problem={problem.value} />}
      {saved.value && <Notice tone="good" icon="check">{t.saved}</Notice>}
      <button class="button main" type="submit" disabled={busy.value}>
        {t.save}
      </button>
    </form>
  );
}

function toForm(limits: Limits): Form {
  const form: Form = { night_from: text(limits.night_from), night_to: text(limits.night_to) };
  for (const role of ROLES) {
    form[`${role}.most`] = (limits[role]?.most ?? []).join(", ");
    form[`${role}.per_hour`] = text(limits[role]?.per_hour);
    form[`${role}.shop_per_hour`] = text(limits[role]?.shop_per_hour);
  }
  return form;
}

const text = (n: number | null | undefined) => (n === null || n === undefined ? "" : String(n));
const whole = (said: string | undefined) => (said?.trim() ? Number(said) : null);

function fromForm(form: Form): Limits {
  const bound = (role: string): Bound | null => {
    const most = (form[`${role}.most`] ?? "").split(/[,，、]/).map((each) => each.trim()).filter(Boolean);
    const [per_hour, shop_per_hour] = [whole(form[`${role}.per_hour`]), whole(form[`${role}.shop_per_hour`])];
    if (most.length === 0 && per_hour === null && shop_per_hour === null) return null;
    return { most: most.length ? most : null, per_hour, shop_per_hour };
  };
  return {
    customer: bound("customer"), staff: bound("staff"), owner: bound("owner"),
    night_from: whole(form.night_from), night_to: whole(form.night_to),
  };
}
