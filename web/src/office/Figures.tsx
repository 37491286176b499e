/** Speed and cost: what the service measured since it began, and each day's answers from the receipts' log. */
import { Trouble } from "../bits";
import { number } from "../words";
import { useLoad } from "../load";
import { said } from "./words";

interface Day {
  day: string;
  answers: number;
  refusals: number;
  handoffs: number;
  by_model: number;
  tokens_in: number;
  tokens_out: number;
  energy_mj: number;
  costs: Record<string, number>; // minor units
}
type Quantiles = { p50: number | null; p95: number | null } | null;
interface Found {
  by_day: Day[];
  now: {
    answers: number;
    first_token_seconds: Quantiles;
    answer_seconds: Quantiles;
    tokens_per_second: Quantiles;
    waiting: number;
    slots_in_use: number;
  };
}

export function Figures() {
  const t = said();
  const found = useLoad<Found>("/v1/office/figures?days=30");
  if (found.problem.value) return <Trouble problem={found.problem.value} />;
  const f = found.value.value;
  if (!f) return <div class="spin" />;
  const days = f.by_day;
  return (
    <>
      <section>
        <h2>{t.now}</h2>
        <ul class="tiles">
          <Tile name={t.answers} value={number(f.now.answers)} />
          <Pair name={t.firstWord} of={f.now.first_token_seconds} unit={t.seconds} digits={2} />
          <Pair name={t.whole} of={f.now.answer_seconds} unit={t.seconds} digits={2} />
          <Pair name={t.speed} of={f.now.tokens_per_second} unit={t.perSecond} digits={1} />
          <Tile name={t.waiting} value={number(f.now.waiting)} />
        </ul>
      </section>
      <section>
        <h2>{t.answersPerDay}</h2>
        <Bars
          days={days}
          label={t.answersPerDay}
          parts={[
            { name: t.byRows, tone: "a", of: (d) => Math.max(d.answers - d.by_model - d.handoffs - d.refusals, 0) },
            { name: t.byModel, tone: "b", of: (d) => d.by_model },
            { name: t.handoffs, tone: "c", of: (d) => d.handoffs },
            { name: t.refusals, tone: "d", of: (d) => d.refusals },
          ]}
        />
      </section>
      <div class="two">
        <section>
          <h2>{t.tokensPerDay}</h2>
          <Bars days={days} label={t.tokensPerDay} parts={[{ name: t.tokensPerDay, tone: "a", of: (d) => d.tokens_in + d.tokens_out }]} />
        </section>
        <section>
          <h2>{t.energyPerDay}</h2>
          <Bars days={days} label={t.energyPerDay} parts={[{ name: t.energyPerDay, tone: "a", of: (d) => d.energy_mj / 1e6 }]} />
        </section>
      </div>
      <details>
        <summary>{t.asTable}</summary>
        <div class="scroll" tabIndex={0} role="region" aria-label={t.answersPerDay}>
          <table class="num">
            <thead>
              <tr>
                {[t.day, t.answers, t.byModel, t.handoffs, t.refusals, t.tokensPerDay, t.cost].map((name) => (
                  <th key={name}>{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((d) => (
                <tr key={d.day}>
                  <td>{d.day}</td>
                  <td>{number(d.answers)}</td>
                  <td>{number(d.by_model)}</td>
                  <td>{number(d.handoffs)}</td>
                  <td>{number(d.refusals)}</td>
                  <td>{number(d.tokens_in + d.tokens_out)}</td>
                  <td>
                    {Object.entries(d.costs).map(([currency, minor]) => `${number(minor / 100, 2)} ${currency}`).join(" + ") || "0"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}

function Tile({ name, value, unit = "", note = "" }: { name: string; value: string; unit?: string; note?: string }) {
  return (
    <li>
      <strong class="num">
        {value} {unit && <small>{unit}</small>}
      </strong>
      <span class="soft">{name}</span>
      {note && <span class="small soft num">{note}</span>}
    </li>
  );
}

function Pair({ name, of, unit, digits }: { name: string; of: Quantiles; unit: string; digits: number }) {
  const t = said();
  const p50 = of?.p50;
  const value = p50 === null || p50 === undefined ? "—" : number(p50, digits);
  return <Tile name={name} value={value} unit={value === "—" ? "" : unit} note={of?.p95 == null ? "" : `${t.median} · p95 ${number(of.p95, digits)}`} />;
}

interface Part {
  name: string;
  tone: string;
  of: (day: Day) => number;
}

const W = 720;
const H = 180;

function Bars({ days, parts, label }: { days: Day[]; parts: Part[]; label: string }) {
  const most = Math.max(1e-9, ...days.map((d) => parts.reduce((sum, p) => sum + p.of(d), 0)));
  const wide = W / Math.max(days.length, 14);
  const total = days.reduce((sum, d) => sum + parts.reduce((inner, p) => inner + p.of(d), 0), 0);
  return (
    <figure class="card chart">
      <p class="small soft num">{number(most, most < 10 ? 1 : 0)}</p>
      <svg viewBox={`0 0 ${W} ${H}`} preserveAspectRatio="none" role="img" aria-label={`${label}: ${number(total)}`}>
        <line x1="0" y1={H} x2={W} y2={H} class="axis" />
        {days.map((d, i) => {
          let y = H;
          return (
            <g key={d.day}>
              <title>{`${d.day}\n${parts.map((p) => `${p.name} ${number(p.of(d), 1)}`).join("\n")}`}</title>
              {parts.map((p) => {
                const h = (p.of(d) / most) * (H - 4);
                y -= h;
                return <rect key={p.name} class={`tone-${p.tone}`} x={i * wide + wide * 0.14} y={y} width={wide * 0.72} height={Math.max(h, 0)} rx="1.5" />;
              })}
            </g>
          );
        })}
      </svg>
      <p class="ends small soft num">
        <span>{days[0]?.day.slice(5)}</span>
        {days.length > 1 && <span>{days.at(-1)?.day.slice(5)}</span>}
      </p>
      {parts.length > 1 && (
        <figcaption class="legend small soft">
          {parts.map((p) => (
            <span key={p.name}>
              <i class={`tone-${p.tone}`} /> {p.name}
            </span>
          ))}
        </figcaption>
      )}
    </figure>
  );
}
