/** Where one writes. Enter sends, Shift+Enter breaks the line; a word being composed (pinyin) is not sent by its Enter. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, Sheet } from "../bits";
import { house, messages, say, show, talk, turn } from "./talk";
import { said } from "./words";

const DRAFT = "mingbai.draft";

export function Composer({ busy }: { busy: boolean }) {
  const t = said();
  const [text, set] = useState(() => sessionStorage.getItem(DRAFT) ?? "");
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const anew = useSignal(false);
  const state = talk.value?.state;
  const asked = state === "waiting" || state === "staff";

  useEffect(() => {
    sessionStorage.setItem(DRAFT, text);
    const box = area.current;
    if (box) {
      box.style.height = "auto";
      box.style.height = `${Math.min(box.scrollHeight, 180)}px`;
    }
  }, [text]);

  const submit = () => {
    const words = text.trim();
    if (!words || busy) return;
    set("");
    void say(words);
    area.current?.focus();
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="box">
        <textarea
          ref={area}
          rows={1}
          value={text}
          maxLength={4000}
          placeholder={t.write}
          aria-label={t.write}
          enterkeyhint="send"
          onInput={(event) => set(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
              event.preventDefault();
              submit();
            }
          }}
        />
        <div class="tools">
          <input
            ref={file}
            class="hidden"
            type="file"
            tabIndex={-1}
            aria-label={t.picture}
            accept={house.value?.pictures.types.join(",") ?? "image/*"}
            onChange={(event) => {
              const picture = event.currentTarget.files?.[0];
              if (picture) void show(picture);
              event.currentTarget.value = "";
            }}
          />
          <button class="round" type="button" title={t.pictureHint} aria-label={t.picture} onClick={() => file.current?.click()}>
            <Icon name="picture" />
          </button>
          <button class={`quiet person ${asked ? "asked" : ""}`} type="button" disabled={asked} onClick={() => void turn("waiting")}>
            <Icon name="person" /> {asked ? t.personAsked : t.person}
          </button>
          {messages.value.length > 0 && (
            <button class="round" type="button" title={t.fresh} aria-label={t.fresh} onClick={() => (anew.value = true)}>
              <Icon name="plus" />
            </button>
          )}
          <button class="round main" type="submit" disabled={!text.trim() || busy} aria-label={t.send}>
            <Icon name="send" />
          </button>
        </div>
      </div>
      <p class="hint">{t.hint}</p>
      {anew.value && (
        <Sheet label={t.fresh} close={() => (anew.value = false)}>
          <div class="plate">
            <p>{t.freshAsk}</p>
            <div class="choices">
              <button
                class="button main"
                type="button"
                onClick={() => {
                  anew.value = false;
                  void turn("closed");
                }}
              >
                {t.fresh}
              </button>
              <button class="button" type="button" onClick={() => (anew.value = false)}>
                {t.no}
              </button>
            </div>
          </div>
        </Sheet>
      )}
    </form>
  );
}
