/** 简 → 繁, for what is said in simplified characters alone: the longest word that `hant.ts` knows, else the character. */
import { CHARACTERS, WORDS } from "./hant";

const table = new Map<string, string>();
const words = WORDS.split(" ").filter(Boolean).map((pair) => [pair.slice(0, pair.length / 2), pair.slice(pair.length / 2)] as const);
for (let i = 0; i < CHARACTERS.length; i += 2) table.set(CHARACTERS.charAt(i), CHARACTERS.charAt(i + 1));
for (const [from, to] of words) table.set(from, to);
const found = new RegExp([...words.map(([from]) => from), "[\\u4e00-\\u9fff]"].join("|"), "g");

export const traditional = (text: string): string => text.replace(found, (one) => table.get(one) ?? one);
