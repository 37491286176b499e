/** The map of where data goes: the shop on the left, every place that can run a model on the right, and what may pass. */
import { Icon, Trouble } from "../bits";
import { useLoad } from "../load";
import { said } from "./words";

interface Place {
  name: string;
  operator: string;
  country: string;
  laws: string[];
  kind: string;
  url: string;
  model: string;
  retention: string;
  enabled: boolean;
  sends: { data: string; region: string; masked: boolean; allowed: boolean; by: string[] }[];
}

export function Places() {
  const t = said();
  const found = useLoad<{ places: Place[] }>("/v1/office/places");
  if (found.problem.value) return <Trouble problem={found.problem.value} />;
  return (
    <div class="flow">
      <div class="from-shop card">
        <Icon name="box" />
        <strong>{t.shopBox}</strong>
      </div>
      <ul>
        {found.value.value?.places.map((place) => (
          <li key={place.name}>
            <span class={`wire ${place.enabled ? "on" : ""}`} aria-hidden="true" />
            <article class="card place">
              <header>
                <strong>{place.name}</strong>
                <span class={`chip ${place.kind === "own" ? "good" : ""}`}>{place.kind === "own" ? t.own : t.provider}</span>
                <span class="chip">{place.enabled ? t.enabled : t.disabled}</span>
              </header>
              <dl class="pairs">
                <dt>{t.operator}</dt>
                <dd>
                  {place.operator === "own" ? t.own : place.operator} {place.country && <span class="chip">{place.country}</span>}
                </dd>
                <dt>{t.laws}</dt>
                <dd>{place.laws.length ? place.laws.join("、") : <span class="soft">{t.noLaws}</span>}</dd>
                {place.model && (
                  <>
                    <dt>{t.model}</dt>
                    <dd>
                      <code>{place.model}</code>
                    </dd>
                  </>
                )}
                {place.retention && (
                  <>
                    <dt>{t.retention}</dt>
                    <dd>{place.retention}</dd>
                  </>
                )}
              </dl>
              <details open={place.kind !== "own"}>
                <summary class="small">{t.sends}</summary>
                <ul class="sends">
                  {place.sends.map((s) => (
                    <li key={s.data + s.region + String(s.masked)} title={s.by.join(" ")}>
                      <span class={`chip ${s.allowed ? "good" : "bad"}`}>
                        <Icon name={s.allowed ? "check" : "close"} /> {s.allowed ? t.allowed : t.denied}
                      </span>
                      {t.kinds[s.data] ?? s.data} {s.region && <span class="chip">{s.region}</span>} <span class="small soft">{s.masked ? t.masked : t.plain}</span>
                    </li>
                  ))}
                </ul>
              </details>
            </article>
          </li>
        ))}
      </ul>
    </div>
  );
}
