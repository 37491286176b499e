/** The certificate of an erasure in words: what went, what stays and by which law. Its signature is verified as a receipt's is. */
import type { Json } from "../verify";
import { day, number } from "../words";
import { said } from "./erasure_words";

interface Line {
  store: string;
  kind: string;
  count: number;
  class: string;
  then: string;
}
export interface ErasureReceipt {
  id: string;
  kind: "erasure";
  time: string;
  shop: string;
  law: string;
  keys: number;
  stores: Line[];
  kept: Record<string, string>;
}

export function isErasure(receipt: unknown): receipt is ErasureReceipt {
  const r = receipt as Partial<ErasureReceipt> | null;
  return r?.kind === "erasure" && Array.isArray(r.stores);
}

/** The bundle in what the office hands out, which has the salt beside it; a bundle by itself stays what it is. */
export function bundleOf(bytes: Uint8Array): Uint8Array {
  try {
    const found = JSON.parse(new TextDecoder().decode(bytes)) as { bundle?: Json } | null;
    return found?.bundle ? new TextEncoder().encode(JSON.stringify(found.bundle)) : bytes;
  } catch {
    return bytes;
  }
}

const UNCOUNTED = ["memory", "backups", "sessions"]; // it is not known there how much it was

export function Erasure({ receipt: r }: { receipt: ErasureReceipt }) {
  const t = said();
  const there = r.stores.filter((line) => line.count > 0 || (UNCOUNTED.includes(line.store) && line.then !== "none"));
  return (
    <div class="account">
      <section>
        <h3>{t.title}</h3>
        <p>{t.lead(number(r.keys))}</p>
        <p class="small soft">
          {day(r.time)} · {r.shop} · <code>{r.id}</code>
        </p>
        <p class="small soft">
          {t.law} <code>{r.law}</code>
        </p>
      </section>
      {(["erased", "unreadable", "kept"] as const).map((then) => {
        const these = there.filter((line) => line.then === then);
        return these.length > 0 ? (
          <section key={then}>
            <h3>{t.thens[then]}</h3>
            <dl class="pairs">
              {these.map((line) => [
                <dt key={line.store + line.kind}>
                  {t.stores[line.store] ?? line.store} · {t.kinds[line.kind] ?? line.kind}
                </dt>,
                <dd class="num" key={`${line.store}${line.kind}=`}>{line.count > 0 ? number(line.count) : t.all}</dd>,
              ])}
            </dl>
          </section>
        ) : null;
      })}
      {Object.keys(r.kept).length > 0 && (
        <section>
          <h3>{t.why}</h3>
          <dl class="pairs">
            {Object.entries(r.kept).map(([name, source]) => [
              <dt key={name}>{t.classes[name] ?? name}</dt>,
              <dd class="small soft" key={`${name}=`}>{source}</dd>,
            ])}
          </dl>
        </section>
      )}
    </div>
  );
}
