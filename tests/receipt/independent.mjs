// Reads cases, one JSON object a line, and says what the independent verifier makes of each.
import { createInterface } from "node:readline";

const { Refuted, grew, includes, leafHash, verify } = await import(process.argv[2]);
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
let keys = [];

async function said(line) {
  const ask = JSON.parse(line);
  if (ask.keys) return ((keys = ask.keys), true);
  if (ask.leaf !== undefined) {
    return includes(await leafHash(bytes(ask.leaf)), ask.index, ask.size, ask.path.map(bytes), bytes(ask.root));
  }
  if (ask.old !== undefined) return grew(ask.old, bytes(ask.oldRoot), ask.size, bytes(ask.root), ask.path.map(bytes));
  try {
    const found = await verify(bytes(ask.bundle), keys);
    return { id: found.receipt.id, index: found.index, size: found.size, witnesses: found.witnesses };
  } catch (error) {
    if (!(error instanceof Refuted)) throw error;
    return error.step;
  }
}

const out = [];
for await (const line of createInterface({ input: process.stdin })) out.push(JSON.stringify(await said(line)));
process.stdout.write(out.join("\n") + "\n");
