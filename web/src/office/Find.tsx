/** Search as the desk does it, to see what a customer's words find and by what. */
import { useSignal } from "@preact/signals";
import { get } from "../api";
import { Icon, Trouble } from "../bits";
import { kindName } from "../kinds";
import { either, number } from "../words";
import { useTry } from "../load";
import { said } from "./words";

interface Found {
  abstained: boolean;
  hits: { kind: string; key: string; title: string; text: string; score: number; by: string }[];
}

export function Find() {
  const t = said();
  const query = useSignal("");
  const kind = useSignal("");
  const found = useSignal<Found | null>(null);
  const { problem, busy, run } = useTry();
  return (
    <>
      <form
        class="find"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const asked = new URLSearchParams({ q: query.value, limit: "10", ...(kind.value ? { kind: kind.value } : {}) });
            found.value = await get<Found>(`/v1/office/search?${asked}`);
          });
        }}
      >
        <input class="field" type="search" aria-label={t.find} placeholder={t.findWhat} value={query.value} onInput={(event) => (query.value = event.currentTarget.value)} />
        <select class="field" aria-label={t.data} value={kind.value} onChange={(event) => (kind.value = event.currentTarget.value)}>
          <option value="">{t.anything}</option>
          <option value="product">{kindName("product")}</option>
          <option value="policy">{kindName("policy")}</option>
        </select>
        <button class="button main" type="submit" disabled={!query.value.trim() || busy.value}>
          <Icon name="search" /> {t.find}
        </button>
      </form>
      {problem.value && <Trouble problem={problem.value} />}
      {found.value?.abstained && <p class="soft">{t.abstained}</p>}
      <ol class="hits">
        {found.value?.hits.map((hit) => (
          <li key={hit.kind + hit.key} class="card">
            <h3>{hit.title || hit.key}</h3>
            <p>{hit.text}</p>
            <p class="small soft">
              {kindName(hit.kind)} <code>{hit.key}</code> · <span class="num">{number(hit.score, 2)}</span> · {t.by} {either(hit.by.replace("words", "字词").replace("meaning", "意思").replace(" and ", "和"), hit.by)}
            </p>
          </li>
        ))}
      </ol>
    </>
  );
}
