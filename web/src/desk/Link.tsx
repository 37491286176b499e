/** A link that is good once and proves who opens it to be a customer: for a shop's own pages, and for trying the counter out. */
import { useSignal } from "@preact/signals";
import { post, Problem } from "../api";
import { Icon, Sheet, Trouble } from "../bits";
import { go } from "../route";
import { enter } from "../session";
import { said } from "./words";

export function CustomerLink({ close }: { close: () => void }) {
  const t = said();
  const customer = useSignal("");
  const made = useSignal<string>("");
  const problem = useSignal<Problem | null>(null);
  const address = made.value ? new URL(made.value, location.href).href : "";

  const run = async (work: () => Promise<void>) => {
    try {
      problem.value = null;
      await work();
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      problem.value = failure;
    }
  };
  return (
    <Sheet label={t.link} close={close}>
      <form
        class="plate"
        onSubmit={(event) => {
          event.preventDefault();
          void run(async () => {
            const body = { scope: "customer", customer: customer.value.trim(), minutes: 15 };
            made.value = (await post<{ link: string }>("/v1/session/links", body)).link;
          });
        }}
      >
        <h2>{t.link}</h2>
        <p class="soft">{t.linkLead}</p>
        {problem.value && <Trouble problem={problem.value} />}
        <label class="row">
          <span>{t.linkFor}</span>
          <input class="field mono" placeholder="C10001" value={customer.value} onInput={(event) => { customer.value = event.currentTarget.value; made.value = ""; }} />
        </label>
        {made.value ? (
          <>
            <code class="address">{address}</code>
            <p class="small soft">{t.minutes}</p>
            <div class="choices">
              <button class="button" type="button" onClick={() => void navigator.clipboard?.writeText(address)}>
                <Icon name="copy" /> {t.linkCopy}
              </button>
              <button
                class="button main"
                type="button"
                onClick={() =>
                  void run(async () => {
                    await enter({ once: made.value.split("#")[1] ?? "" });
                    close();
                    go("counter");
                  })
                }
              >
                {t.linkOpen}
              </button>
            </div>
          </>
        ) : (
          <button class="button main" type="submit" disabled={!customer.value.trim()}>
            {t.linkMake}
          </button>
        )}
      </form>
    </Sheet>
  );
}
