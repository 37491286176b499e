/**
 * Verifies a receipt's bundle: an independent reading of the same rules as `src/mingbai/receipt/bundle.py`, with nothing but
 * the platform's WebCrypto. A receipt proves what the service said it did, not that a model ran.
 *
 * Rules: RFC 8785 (the one form of JSON), RFC 6962 / 9162 (Merkle trees), C2SP signed-note, tlog-checkpoint and
 * tlog-cosignature.
 */

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export interface Verified {
  receipt: { [name: string]: Json };
  index: number;
  size: number;
  witnesses: { name: string; at: number }[];
}

/** Where a bundle broke: its form, the keys at hand, a signature, a witness, or its place in the log. */
export type Step = "form" | "keys" | "signature" | "witness" | "log";

export class Refuted extends Error {
  constructor(readonly step: Step) {
    super(step);
  }
}

interface Key {
  name: string;
  id: string; // hex
  kind: number;
  publicKey: Uint8Array;
}

interface Signature {
  name: string;
  id: string;
  body: Uint8Array;
}

const LOG = 1;
const WITNESS = 4;
const HASH_BYTES = 32;
const MOST_BYTES = 256 * 1024;
const CONTEXT = "mingbai-receipt-v1\n";
const utf8 = new TextEncoder();

/** `keys`: lines `name+id+base64`, the log's and those of every witness that must have seen it. Throws `Refuted`. */
export async function verify(bundle: Uint8Array, keyLines: string[]): Promise<Verified> {
  const keys = await Promise.all(keyLines.map(parseKey));
  const whole = parseBundle(bundle);
  const { text, signatures } = parseNote(whole.checkpoint);
  const { origin, size, root } = parseCheckpoint(text);
  const logs = keys.filter((key) => key.kind === LOG && key.name === origin);
  const witnesses = keys.filter((key) => key.kind === WITNESS);
  if (logs.length === 0) throw new Refuted("keys");
  const seen = new Set<string>();
  let before = "";
  for (const signature of signatures) {
    const named = `${signature.name} ${signature.id}`;
    const place = (signature.name === origin ? "0" : "1") + named; // the log's own, then by name and id, none twice
    const known = [...logs, ...witnesses].some((key) => `${key.name} ${key.id}` === named);
    if (!known || place <= before) throw new Refuted("keys");
    before = place;
    seen.add(named);
  }
  const signing = logs.filter((key) => seen.has(`${key.name} ${key.id}`));
  const byLog = await Promise.all(signing.map((key) => signedAt(text, signatures, key)));
  if (byLog.length === 0 || byLog.includes(null)) throw new Refuted("signature");
  const stamps: Verified["witnesses"] = [];
  for (const witness of witnesses) {
    const at = await signedAt(text, signatures, witness);
    if (at === null) throw new Refuted("witness");
    stamps.push({ name: witness.name, at });
  }
  await checkReceipt(whole.receipt, logs);
  const leaf = await leafHash(utf8.encode(canonical(whole.receipt)));
  if (!(await includes(leaf, whole.index, size, whole.path, root))) throw new Refuted("log");
  return { receipt: whole.receipt, index: whole.index, size, witnesses: stamps };
}

/** The one form of a JSON value that receipts are made of: ASCII names, whole numbers. Throws `Refuted`. */
export function canonical(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new Refuted("form");
    return String(value);
  }
  if (typeof value === "string") {
    if (/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(value)) throw new Refuted("form");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  const names = Object.keys(value).sort();
  if (names.some((name) => /[^\x00-\x7f]/.test(name))) throw new Refuted("form");
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(value[name] as Json)}`).join(",")}}`;
}

/** Whether `path` shows that leaf `index` is in the tree of `size` with that root (RFC 9162, 2.1.3.2). */
export async function includes(
  leaf: Uint8Array, index: number, size: number, path: Uint8Array[], root: Uint8Array,
): Promise<boolean> {
  if (index < 0 || index >= size || path.some((each) => each.length !== HASH_BYTES)) return false;
  let at = index;
  let last = size - 1;
  let found = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      found = await nodeHash(sibling, found);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      found = await nodeHash(found, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(found, root);
}

/** Whether `path` shows that the tree of `old` is a beginning of the tree of `size` (RFC 9162, 2.1.4.2). */
export async function grew(
  old: number, oldRoot: Uint8Array, size: number, newRoot: Uint8Array, path: Uint8Array[],
): Promise<boolean> {
  if (old < 1 || old > size || path.some((each) => each.length !== HASH_BYTES)) return false;
  if (old === size) return path.length === 0 && equal(oldRoot, newRoot);
  const steps = isPowerOfTwo(old) ? [oldRoot, ...path] : [...path];
  const start = steps.shift();
  if (start === undefined) return false;
  let at = old - 1;
  let last = size - 1;
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let first = start;
  let second = start;
  for (const sibling of steps) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      [first, second] = [await nodeHash(sibling, first), await nodeHash(sibling, second)];
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      second = await nodeHash(second, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(first, oldRoot) && equal(second, newRoot);
}

export async function leafHash(entry: Uint8Array): Promise<Uint8Array> {
  return sha256(join(Uint8Array.of(0), entry));
}

async function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(join(Uint8Array.of(1), left, right));
}

function parseBundle(data: Uint8Array): { receipt: { [name: string]: Json }; index: number; path: Uint8Array[]; checkpoint: string } {
  if (data.length > MOST_BYTES) throw new Refuted("form");
  let text: string;
  let value: Json;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
    value = JSON.parse(text) as Json;
    if (canonical(value) !== text) throw new Refuted("form");
  } catch {
    throw new Refuted("form"); // also where it is nested too deep to be read
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Refuted("form");
  const { checkpoint, index, path, receipt, v } = value;
  if (
    Object.keys(value).length !== 5 || v !== 1 || typeof checkpoint !== "string" || typeof index !== "number" ||
    !Array.isArray(path) || receipt === null || typeof receipt !== "object" || Array.isArray(receipt)
  ) throw new Refuted("form");
  return { receipt: receipt as { [name: string]: Json }, index, checkpoint, path: path.map((each) => unbase64(each)) };
}

function parseNote(note: string): { text: string; signatures: Signature[] } {
  if (/[\x00-\x09\x0b-\x1f]/.test(note)) throw new Refuted("form");
  const end = note.lastIndexOf("\n\n");
  if (end < 1) throw new Refuted("form");
  const lines = note.slice(end + 2).split("\n");
  if (lines.pop() !== "" || lines.length < 1 || lines.length > 64) throw new Refuted("form");
  const signatures = lines.map((line) => {
    const parts = /^— ([^\s+]+) (\S+)$/u.exec(line);
    if (parts === null) throw new Refuted("form");
    const body = unbase64(parts[2] as string);
    if (body.length !== 68 && body.length !== 76) throw new Refuted("form");
    return { name: parts[1] as string, id: hex(body.subarray(0, 4)), body: body.subarray(4) };
  });
  return { text: note.slice(0, end + 1), signatures };
}

function parseCheckpoint(text: string): { origin: string; size: number; root: Uint8Array } {
  const lines = text.split("\n");
  const [origin, size, root] = lines as [string, string, string];
  if (lines.length !== 4 || lines[3] !== "" || origin === "" || !/^(0|[1-9][0-9]{0,15})$/.test(size)) throw new Refuted("form");
  const hash = unbase64(root);
  if (hash.length !== HASH_BYTES || !Number.isSafeInteger(Number(size))) throw new Refuted("form");
  return { origin, size: Number(size), root: hash };
}

async function parseKey(line: string): Promise<Key> {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(line);
  if (parts === null) throw new Refuted("keys");
  const [, name, id, encoded] = parts as unknown as [string, string, string, string];
  const key = unbase64(encoded);
  const kind = key[0] ?? 0;
  if (key.length !== 1 + HASH_BYTES || (kind !== LOG && kind !== WITNESS)) throw new Refuted("keys");
  const digest = await sha256(join(utf8.encode(`${name}\n`), key));
  if (hex(digest.subarray(0, 4)) !== id) throw new Refuted("keys");
  return { name, id, kind, publicKey: key.subarray(1) };
}

/** null: not signed by this key. Else when a witness saw it (seconds), 0 for the log itself. */
async function signedAt(text: string, signatures: Signature[], key: Key): Promise<number | null> {
  const found = signatures.find((each) => each.name === key.name && each.id === key.id);
  if (found === undefined) return null;
  if (key.kind === LOG) return (await signatureHolds(key, found.body, text)) ? 0 : null;
  if (found.body.length !== 72) return null;
  const stamp = new DataView(found.body.buffer, found.body.byteOffset, 8).getBigUint64(0);
  const message = `cosignature/v1\ntime ${stamp}\n${text}`;
  return (await signatureHolds(key, found.body.subarray(8), message)) ? Number(stamp) : null;
}

async function checkReceipt(receipt: { [name: string]: Json }, logs: Key[]): Promise<void> {
  const { sig, ...rest } = receipt;
  const by = logs.find((key) => key.id === rest.key && canonical(rest.log ?? null) === canonical({ origin: key.name }));
  if (by === undefined || typeof sig !== "string") throw new Refuted("signature");
  if (!(await signatureHolds(by, unbase64(sig), CONTEXT + canonical(rest)))) throw new Refuted("signature");
}

async function signatureHolds(key: Key, signature: Uint8Array, message: string): Promise<boolean> {
  if (signature.length !== 64) return false;
  const imported = await crypto.subtle.importKey("raw", own(key.publicKey), "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", imported, own(signature), own(utf8.encode(message)));
}

async function sha256(data: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", own(data)));
}

/** Only the one text that encodes these bytes. */
function unbase64(text: Json): Uint8Array {
  if (typeof text !== "string" || text.length > 1024) throw new Refuted("form"); // nothing here is as long
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) throw new Refuted("form");
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  if (btoa(String.fromCharCode(...bytes)) !== text) throw new Refuted("form");
  return bytes;
}

/** A copy with a buffer of its own, as WebCrypto's types want it. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

function join(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function isPowerOfTwo(n: number): boolean {
  let odd = n;
  while (odd % 2 === 0) odd /= 2;
  return odd === 1;
}
