/** Verifies a bundle from a file, with nothing but this page: also offline, also one of another shop. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon, Notice } from "../bits";
import { judged, keptKeys, type Verdict } from "./receipt";
import "./receipt.css";
import { Account, Seal } from "./Slip";
import { said } from "./words";

export function Verify() {
  const t = said();
  const keys = useSignal(keptKeys().join("\n"));
  const file = useSignal<{ name: string; bytes: Uint8Array } | null>(null);
  const verdict = useSignal<Verdict | null>(null);
  const over = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const lines = keys.value.split("\n").map((line) => line.trim()).filter(Boolean);

  const judge = async () => {
    const given = keys.value.split("\n").map((line) => line.trim()).filter(Boolean);
    verdict.value = file.value && given.length ? await judged(file.value.bytes, given) : null;
  };
  const take = async (given: File | undefined) => {
    if (!given) return;
    file.value = { name: given.name, bytes: new Uint8Array(await given.arrayBuffer()) };
    await judge();
  };

  return (
    <main class="verify" id="main">
      <h1>{t.verifyTitle}</h1>
      <p class="soft">{t.verifyLead}</p>
      <input
        ref={input}
        class="hidden"
        type="file"
        tabIndex={-1}
        accept=".json,application/json"
        aria-label={t.file}
        onChange={(event) => void take(event.currentTarget.files?.[0])}
      />
      <button
        type="button"
        class={`drop ${over.value ? "over" : ""}`}
        onClick={() => input.current?.click()}
        onDragOver={(event) => {
          event.preventDefault();
          over.value = true;
        }}
        onDragLeave={() => (over.value = false)}
        onDrop={(event) => {
          event.preventDefault();
          over.value = false;
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <Icon name="shield" />
        <span>{file.value?.name ?? t.drop}</span>
        <span class="small soft">{t.dropSub}</span>
      </button>
      {file.value && lines.length === 0 && <Notice icon="warn">{t.needKeys}</Notice>}
      {verdict.value && <Seal verdict={verdict.value} note="" />}
      {verdict.value?.holds && (
        <div class="card">
          {verdict.value.receipt.understood ? (
            <Account receipt={verdict.value.receipt} />
          ) : (
            <pre class="mono" tabIndex={0}>
              {JSON.stringify(verdict.value.receipt, null, 1)}
            </pre>
          )}
        </div>
      )}
      <label class="row">
        <span>{t.keys}</span>
        <textarea
          class="field mono"
          rows={3}
          value={keys.value}
          spellcheck={false}
          onInput={(event) => {
            keys.value = event.currentTarget.value;
            void judge();
          }}
        />
        <span class="small soft">{t.keysHint}</span>
      </label>
    </main>
  );
}
