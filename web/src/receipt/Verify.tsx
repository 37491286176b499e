/** Verifies a bundle from a file, with nothing but this page: also offline, also one of another shop. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { DropZone, Notice } from "../bits";
import { bundleOf, Erasure, isErasure } from "./Erasure";
import { judged, keptKeys, publicKeys, type Verdict } from "./receipt";
import "./receipt.css";
import { Account, Seal } from "./Slip";
import { said } from "./words";

export function Verify() {
  const t = said();
  const keys = useSignal(keptKeys().join("\n"));
  const file = useSignal<{ name: string; bytes: Uint8Array } | null>(null);
  const verdict = useSignal<Verdict | null>(null);
  const newest = useRef(0);
  const lines = keys.value.split("\n").map((line) => line.trim()).filter(Boolean);

  const judge = async () => {
    const given = keys.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const mine = ++newest.current;
    verdict.value = null; // of what was there before
    if (!file.value || !given.length) return;
    const found = await judged(bundleOf(file.value.bytes), given);
    if (mine === newest.current) verdict.value = found;
  };
  const take = async (given: File | undefined) => {
    if (!given) return;
    verdict.value = null;
    const mine = ++newest.current;
    const bytes = new Uint8Array(await given.arrayBuffer());
    if (mine !== newest.current) return;
    file.value = { name: given.name, bytes };
    await judge();
  };

  useEffect(() => {
    if (lines.length > 0) return;
    publicKeys().then(
      (found) => {
        if (!keys.value.trim()) keys.value = found.lines.join("\n"); // not over what was typed meanwhile
        void judge();
      },
      () => undefined, // without the service they are given by hand
    );
  }, []);

  return (
    <main class="verify" id="main">
      <h1>{t.verifyTitle}</h1>
      <p class="soft">{t.verifyLead}</p>
      <DropZone icon="shield" label={t.file} accept=".json,application/json" take={([given]) => void take(given)}>
        <span>{file.value?.name ?? t.drop}</span>
        <span class="small soft">{t.dropSub}</span>
      </DropZone>
      {file.value && lines.length === 0 && <Notice icon="warn">{t.needKeys}</Notice>}
      {verdict.value && <Seal verdict={verdict.value} note="" />}
      {verdict.value?.holds && (
        <div class="card">
          {isErasure(verdict.value.receipt) ? (
            <Erasure receipt={verdict.value.receipt} />
          ) : verdict.value.receipt.understood ? (
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
