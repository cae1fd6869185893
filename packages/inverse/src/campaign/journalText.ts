import { createHash } from "node:crypto";
import { FormatError, type Json } from "@materiome/core";
import type { EntryBody, JournalEntry } from "./entry.ts";
import { readEntry } from "./entryJson.ts";

/** An entry that is not as it was written. */
export interface JournalEdit {
  readonly n: number;
  /** Line of the file where the entry begins, from 1. */
  readonly line: number;
  readonly what: string;
}

/** What the text of a journal holds. */
export interface JournalText {
  readonly entries: readonly JournalEntry[];
  /** Edits by hand that nobody accepted. */
  readonly edits: readonly JournalEdit[];
  /** Beginning of a last entry that is not whole. */
  readonly tail: string | undefined;
  /** Length of the whole entries, UTF-16 code units. */
  readonly length: number;
  /** Checksum of the last entry, which the next one continues. */
  readonly lastSum: string;
  /** Checksum of everything. */
  readonly digest: string;
}

/**
 * Reads the text of a journal: JSON objects one after the other, each beginning with `{` at the start of a line, the inner
 * lines indented. An entry carries its number `n` and a checksum `sum`: the first 16 hexadecimal digits of SHA-256 over
 * the previous entry's `sum` and its own content. Layout does not count, so an editor may reflow it; an entry whose content
 * does not fit its checksum was edited, one whose predecessor is missing shows a gap. An `accept` entry that fits everything
 * before it makes edits good.
 *
 * @throws FormatError naming the line if an entry other than the last is no JSON or no entry
 */
export function parseJournal(text: string): JournalText {
  const starts = [...text.matchAll(/(?<=^\uFEFF?)\{/gm)].map((match) => match.index);
  const first = starts[0] ?? text.length;
  if (
    text
      .slice(0, first)
      .replace(/^\uFEFF/, "")
      .trim() !== ""
  ) {
    throw new FormatError("no campaign journal: it does not begin with an entry");
  }
  const entries: JournalEntry[] = [];
  let edits: JournalEdit[] = [];
  let [lastSum, digest, length, lastN] = ["", "", first, 0];
  for (const [i, start] of starts.entries()) {
    const end = starts[i + 1] ?? text.length;
    const line = lineOf(text, start);
    // A disk that lost power may leave zeros after the last whole entry.
    const chunk = text.slice(start, end).replace(/[\s\0]+$/, "");
    const parsed = parsedOrUndefined(chunk);
    if (parsed === undefined) {
      if (end === text.length) return { entries, edits, tail: text.slice(start), length: start, lastSum, digest };
      throw new FormatError(
        `the entry that begins in line ${line} is no complete JSON, and others follow: it was damaged by hand; mend it or restore a copy`,
      );
    }
    const { sum, ...content } = parsed;
    const entry = readEntry(content, `entry of line ${line}`);
    const expected = checksum(lastSum, content);
    if (entry.n !== lastN + 1) {
      edits.push({ n: entry.n, line, what: `follows entry ${lastN}: entries are missing, moved or added` });
    } else if (sum === undefined) edits.push({ n: entry.n, line, what: "has no checksum: it was added by hand" });
    else if (sum !== expected) edits.push({ n: entry.n, line, what: "does not fit its checksum" });
    else if (entry.kind === "accept" && entry.digest === digest) edits = [];
    entries.push(entry);
    lastSum = typeof sum === "string" ? sum : expected;
    digest = checksum(digest, parsed);
    lastN = entry.n;
    length = start + chunk.length + (/^\r?\n/.exec(text.slice(start + chunk.length, end))?.[0].length ?? 0);
  }
  return { entries, edits, tail: undefined, length, lastSum, digest };
}

/** What a journal holds once the text of one more entry stands at its end. */
export function continueJournal(journal: JournalText, text: string): JournalText {
  const parsed = JSON.parse(text) as JournalEntry & { readonly sum: string };
  const { sum, ...content } = parsed;
  return {
    ...journal,
    entries: [...journal.entries, content as JournalEntry],
    lastSum: sum,
    digest: checksum(journal.digest, parsed),
  };
}

/** Text of the entry that continues a journal. */
export function formatEntry(body: EntryBody, at: string, journal: Pick<JournalText, "entries" | "lastSum">): string {
  const n = (journal.entries.at(-1)?.n ?? 0) + 1;
  const content = JSON.parse(JSON.stringify({ n, at, ...body })) as Record<string, Json>;
  const fields = { ...content, sum: checksum(journal.lastSum, content) };
  const lines = Object.entries(fields).map(([key, value]) => `  ${JSON.stringify(key)}: ${laidOut(value, 2)}`);
  return `{\n${lines.join(",\n")}\n}\n`;
}

const WIDTH = 150;

/** JSON on one line where it fits, else one element a line. */
function laidOut(value: Json, indent: number): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = (depth: number): string[] =>
    isList
      ? (value as readonly Json[]).map((item) => laidOut(item, depth))
      : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${laidOut(item as Json, depth)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  const flat = parts(0);
  if (flat.length === 0) return `${open}${close}`;
  const line = isList ? `[${flat.join(", ")}]` : `{ ${flat.join(", ")} }`;
  if (line.length + indent <= WIDTH && !line.includes("\n")) return line;
  const pad = " ".repeat(indent + 2);
  return `${open}\n${parts(indent + 2)
    .map((part) => `${pad}${part}`)
    .join(",\n")}\n${" ".repeat(indent)}${close}`;
}

function checksum(before: string, content: unknown): string {
  return createHash("sha256")
    .update(`${before}\n${JSON.stringify(content)}`)
    .digest("hex")
    .slice(0, 16);
}

function parsedOrUndefined(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}
