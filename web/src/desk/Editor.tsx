/** The reply. A draft lies in it ready: Enter sends it as it is, any other key changes it. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { Problem } from "../api";
import { Icon, Notice } from "../bits";
import { house } from "../counter/talk";
import { either } from "../words";
import { draft, opened, prepare, reply } from "./cases";
import { said } from "./words";

export function Editor({ id }: { id: string }) {
  const t = said();
  const text = useSignal("");
  const drafted = useSignal(false); // the draft, as it came
  const problem = useSignal<Problem | null>(null);
  const busy = useSignal(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const offered = draft.value;
  const language = opened.value?.talk.lang ?? "";

  useEffect(() => {
    if (offered && offered !== "waiting" && offered.text && (text.value === "" || drafted.value)) {
      text.value = offered.text;
      drafted.value = true;
    }
  }, [offered]);
  useEffect(() => {
    const box = area.current;
    if (box) {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 260)}px`;
    }
  }, [text.value]);

  const send = async (anyway = false) => {
    const words = text.value.trim();
    if (!words || busy.value) return;
    const was = text.value;
    busy.value = true;
    problem.value = await reply(id, words, anyway).finally(() => (busy.value = false));
    if (problem.value === null && text.value === was) {
      text.value = ""; // not what was typed while it went
      drafted.value = false;
    }
    area.current?.focus();
  };

  return (
    <form
      class="editor"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {problem.value && (
        <Notice tone="warn" icon="warn">
          {problem.value.what} {problem.value.next}{" "}
          {problem.value.code === "house_style" && (
            <button class="quiet inline" type="button" onClick={() => void send(true)}>
              {t.sendAnyway}
            </button>
          )}
        </Notice>
      )}
      {(house.value?.style.phrases.length ?? 0) > 0 && (
        <div class="phrases" role="group" aria-label={t.phrases}>
          {house.value?.style.phrases.map((phrase) => (
            <button
              key={phrase.zh + phrase.en}
              class="chip"
              type="button"
              onClick={() => {
                const words = language === "en" ? phrase.en : phrase.zh || phrase.en;
                text.value = drafted.value || !text.value ? words : `${text.value}\n${words}`;
                drafted.value = false;
                area.current?.focus();
              }}
            >
              {either(phrase.zh, phrase.en)}
            </button>
          ))}
        </div>
      )}
      <div class={`box ${drafted.value ? "drafted" : ""}`}>
        <p class="small drafthead" role="status">
          {offered === "waiting" ? (
            t.draftWait
          ) : drafted.value ? (
            <>
              <strong>{t.draft}</strong> {t.draftNote}
            </>
          ) : offered && !offered.text && !text.value ? (
            t.draftNone
          ) : (
            ""
          )}
        </p>
        <textarea
          ref={area}
          rows={2}
          value={text.value}
          aria-label={t.write}
          placeholder={t.write}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            drafted.value = false;
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
              event.preventDefault();
              void send();
            }
            if (event.key === "Escape") text.value = "";
          }}
        />
        <div class="tools">
          <button class="quiet" type="button" disabled={offered === "waiting"} onClick={() => { drafted.value = true; void prepare(id); }}>
            <Icon name="pen" /> {t.draftAgain}
          </button>
          <button class="round main" type="submit" aria-label={t.send} disabled={!text.value.trim() || busy.value}>
            <Icon name="send" />
          </button>
        </div>
      </div>
    </form>
  );
}
