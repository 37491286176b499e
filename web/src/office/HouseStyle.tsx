/** How the shop speaks: the counter's greeting and quick questions, words staff are stopped at, phrases of the desk. */
import { useSignal } from "@preact/signals";
import { post } from "../api";
import { Icon, Notice, Trouble } from "../bits";
import type { Style } from "../counter/talk";
import { useLoad, useTry } from "../load";
import { said } from "./words";

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);

export function HouseStyle() {
  const found = useLoad<Style>("/v1/office/style");
  if (found.problem.value) return <Trouble problem={found.problem.value} />;
  if (!found.value.value) return <div class="spin" />;
  return <StyleForm now={found.value.value} />;
}

function StyleForm({ now }: { now: Style }) {
  const t = said();
  const style = useSignal(now);
  const saved = useSignal(false);
  const { problem, busy, run } = useTry();
  const s = style.value;
  const set = (change: Partial<Style>) => {
    style.value = { ...s, ...change };
    saved.value = false;
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void run(async () => {
          const tidy = (list: string[]) => lines(list.join("\n"));
          const whole: Style = {
            ...s,
            questions: { zh: tidy(s.questions.zh), en: tidy(s.questions.en) },
            never_say: tidy(s.never_say),
            phrases: s.phrases.filter((p) => p.zh.trim() || p.en.trim()),
          };
          const kept = await post<Style>("/v1/office/style", whole, "PUT");
          if (style.value !== s) return; // typed on meanwhile: that is not saved yet
          style.value = kept;
          saved.value = true;
        });
      }}
    >
      <div class="two">
        {(["zh", "en"] as const).map((tongue) => (
          <label class="row" key={tongue}>
            <span>
              {t.greeting} · {t[tongue]}
            </span>
            <textarea class="field" rows={2} lang={tongue} placeholder={t.preview} value={s.greeting[tongue]} onInput={(event) => set({ greeting: { ...s.greeting, [tongue]: event.currentTarget.value } })} />
          </label>
        ))}
        {(["zh", "en"] as const).map((tongue) => (
          <label class="row" key={tongue}>
            <span>
              {t.quick} · {t[tongue]}
            </span>
            <textarea class="field" lang={tongue} rows={5} placeholder={t.preview} value={s.questions[tongue].join("\n")} onInput={(event) => set({ questions: { ...s.questions, [tongue]: event.currentTarget.value.split("\n") } })} />
          </label>
        ))}
      </div>
      <label class="row">
        <span>{t.never}</span>
        <textarea class="field" rows={4} value={s.never_say.join("\n")} onInput={(event) => set({ never_say: event.currentTarget.value.split("\n") })} />
        <span class="small soft">{t.neverSub}</span>
      </label>
      <fieldset class="stack">
        <legend>{t.phrases}</legend>
        {s.phrases.map((phrase, i) => (
          <div class="phrase" key={i}>
            {(["zh", "en"] as const).map((tongue) => (
              <input key={tongue} class="field" lang={tongue} aria-label={`${t.phrases} ${i + 1} ${t[tongue]}`} placeholder={t[tongue]} value={phrase[tongue]} onInput={(event) => set({ phrases: s.phrases.map((p, at) => (at === i ? { ...p, [tongue]: event.currentTarget.value } : p)) })} />
            ))}
            <button class="round" type="button" aria-label={t.remove} onClick={() => set({ phrases: s.phrases.filter((_, at) => at !== i) })}>
              <Icon name="close" />
            </button>
          </div>
        ))}
        <button class="button slim" type="button" onClick={() => set({ phrases: [...s.phrases, { zh: "", en: "" }] })}>
          <Icon name="plus" /> {t.addPhrase}
        </button>
      </fieldset>
      {problem.value && <Trouble problem={problem.value} />}
      {saved.value && <Notice tone="good" icon="check">{t.saved}</Notice>}
      <button class="button main" type="submit" disabled={busy.value}>
        {t.save}
      </button>
    </form>
  );
}
