/** Keys: who may come in, made, shown once, revoked. */
import { useSignal } from "@preact/signals";
import { post, remove } from "../api";
import { Icon, Notice, Trouble } from "../bits";
import { day } from "../words";
import { useLoad, useTry } from "../load";
import { said } from "./words";

interface Key {
  id: string;
  scope: string;
  shop: string;
  label: string;
  created: number | string;
  expires: number | string | null;
  revoked: number | string | null;
}

/** Seconds since 1970, or a time as text. */
const when = (at: number | string) => day(typeof at === "number" ? at * 1000 : at);

export function Keys() {
  const t = said();
  const found = useLoad<{ keys: Key[] }>("/v1/office/keys");
  const scope = useSignal("staff");
  const label = useSignal("");
  const days = useSignal("90");
  const made = useSignal("");
  const { problem, busy, run } = useTry();
  return (
    <>
      <form
        class="inline-form card"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const named = label.value.trim();
            const key = await post<Key & { key: string }>("/v1/office/keys", { scope: scope.value, label: named, days: Number(days.value) });
            made.value = key.key;
            if (label.value.trim() === named) label.value = "";
            await found.load();
          });
        }}
      >
        <label class="row">
          <span class="small soft">{t.scope}</span>
          <select class="field" value={scope.value} onChange={(event) => (scope.value = event.currentTarget.value)}>
            {Object.entries(t.scopes).map(([value, shown]) => (
              <option key={value} value={value}>
                {shown}
              </option>
            ))}
          </select>
        </label>
        <label class="row">
          <span class="small soft">{t.label}</span>
          <input class="field" value={label.value} onInput={(event) => (label.value = event.currentTarget.value)} />
        </label>
        <label class="row">
          <span class="small soft">{t.days}</span>
          <input class="field num" type="number" min={1} max={3650} value={days.value} onInput={(event) => (days.value = event.currentTarget.value)} />
        </label>
        <button class="button main" type="submit" disabled={busy.value}>
          <Icon name="plus" /> {t.make}
        </button>
      </form>
      {problem.value && <Trouble problem={problem.value} />}
      {made.value && (
        <Notice tone="good" icon="check">
          {t.onceKey}
          <br />
          <code>{made.value}</code>{" "}
          <button class="quiet" type="button" onClick={() => void navigator.clipboard?.writeText(made.value)}>
            <Icon name="copy" /> {t.copy}
          </button>
        </Notice>
      )}
      {found.problem.value && <Trouble problem={found.problem.value} />}
      <div class="scroll card padded" tabIndex={0} role="region" aria-label={t.parts.keys}>
        <table class="stacked">
          <thead>
            <tr>
              {[t.scope, t.label, t.id, t.created, t.expires, ""].map((name, i) => (
                <th key={i}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.value.value?.keys.map((key) => (
              <tr key={key.id}>
                <td data-name={t.scope}>{t.scopes[key.scope] ?? key.scope}</td>
                <td data-name={t.label}>
                  <span>
                    {key.label || "—"} {key.shop && <span class="chip">{key.shop}</span>}
                  </span>
                </td>
                <td data-name={t.id}>
                  <code>{key.id}</code>
                </td>
                <td class="num" data-name={t.created}>{when(key.created)}</td>
                <td class="num" data-name={t.expires}>{key.expires ? when(key.expires) : "—"}</td>
                <td data-name="">
                  {key.revoked ? (
                    <span class="chip">{t.revoked}</span>
                  ) : (
                    <button class="button slim bad" type="button" onClick={() => void run(async () => { await remove(`/v1/office/keys/${encodeURIComponent(key.id)}`); await found.load(); })}>
                      {t.revoke}
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
