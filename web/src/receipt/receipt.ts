/** A receipt fetched and verified here, in the browser, by `verify.ts`: the service's word is not taken for it. */
import { send } from "../api";
import { keep, kept } from "../store";
import { type Json, Refuted, type Step, verify } from "../verify";

export interface Receipt {
  id: string;
  time: string;
  shop: string;
  kind: string;
  lang: string;
  understood: { intent: string; permille: number; by: string }[];
  place: { id: string; operator: string; country: string; laws: string[]; attest: Json };
  model: { name: string; sha256: string; quant: string } | null;
  template: string;
  evidence: { intent: string; rows: { kind: string; commit: string }[]; refused: string[]; handoff: boolean }[];
  masks: Record<string, number>;
  policy: { set: string; role: string; by: string[] };
  phrased_by: string;
  checks: { passed: number; failed: string[] };
  cost: { tokens_in: number; tokens_out: number; energy_mj: number; basis: string };
  consent: Json[];
  log: { origin: string };
}

export type Verdict =
  | { holds: true; receipt: Receipt; index: number; size: number; witnesses: { name: string; at: number }[] }
  | { holds: false; step: Step };

export async function fetched(id: string): Promise<Uint8Array> {
  return new Uint8Array(await (await send(`/v1/receipts/${encodeURIComponent(id)}`)).arrayBuffer());
}

/** The log's public keys. Those first seen are kept: a service that comes with others later is noticed. */
export async function publicKeys(): Promise<{ lines: string[]; changed: boolean }> {
  const lines = (await (await send("/v1/log/keys")).text()).split("\n").filter(Boolean);
  const before = kept<string[]>("keys", []);
  if (before.length === 0) keep("keys", lines);
  return { lines, changed: before.length > 0 && before.some((line) => !lines.includes(line)) };
}

export const keptKeys = () => kept<string[]>("keys", []);

export async function judged(bundle: Uint8Array, keys: string[]): Promise<Verdict> {
  try {
    const found = await verify(bundle, keys);
    return { holds: true, ...found, receipt: found.receipt as unknown as Receipt };
  } catch (refuted) {
    if (refuted instanceof Refuted) return { holds: false, step: refuted.step };
    return { holds: false, step: "form" };
  }
}

/** The same bundle with one bit turned, somewhere in the receipt itself. */
export function flipped(bundle: Uint8Array): Uint8Array {
  const turned = new Uint8Array(bundle);
  const at = new TextDecoder("latin1").decode(turned).indexOf('"answer":"') + '"answer":"'.length;
  turned[at] = (turned[at] as number) ^ 1;
  return turned;
}

export function download(bundle: Uint8Array, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([new Uint8Array(bundle)], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
