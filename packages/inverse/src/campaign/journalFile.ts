import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import {
  cannotWrite,
  DataError,
  FormatError,
  IncompatibleError,
  retryWhileOpenSync,
  writeFileAtomicSync,
} from "@materiome/core";
import type { EntryBody, JournalEntry, StartEntry } from "./entry.ts";
import { continueJournal, formatEntry, type JournalText, parseJournal } from "./journalText.ts";
import { type LockOptions, withLock } from "./lockFile.ts";

/** Options of everything that writes to a journal. */
export interface JournalWriteOptions extends LockOptions {
  /** Time to write down, ISO 8601. */
  readonly at: string;
}

/**
 * Starts a journal file. An existing one is never overwritten.
 *
 * @throws DataError if there is a file already, or it cannot be written
 */
export async function createJournal(path: string, start: StartEntry, options: JournalWriteOptions): Promise<void> {
  const text = formatEntry(start, checkedTime(options.at), { entries: [], lastSum: "" });
  await withLock(
    path,
    () => {
      if (existsSync(path)) {
        throw new DataError("there is a file already; a journal is never overwritten. Choose another name", {
          location: { file: path },
        });
      }
      writeFileAtomicSync(path, text);
    },
    options,
  );
}

/**
 * Reads a journal file; a last entry that was cut off is left out (`tail`).
 *
 * @throws FormatError naming the file if it is no journal, or damaged before its last entry
 */
export function readJournal(path: string): JournalText {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const why = code === "ENOENT" ? "there is no such journal; start one" : (cause as Error).message;
    throw new FormatError(why, { location: { file: path }, cause });
  }
  try {
    const journal = parseJournal(text);
    if (journal.entries[0]?.kind !== "start") {
      throw new FormatError("no campaign journal: its first entry does not start a campaign");
    }
    return journal;
  } catch (error) {
    if (error instanceof FormatError) throw new FormatError(error.message, { location: { file: path }, cause: error });
    if (error instanceof IncompatibleError) {
      throw new IncompatibleError(error.message, { location: { file: path }, cause: error });
    }
    throw error;
  }
}

/**
 * Appends an entry and returns when it is on the disk: under a lock the journal is read anew, `decide` says from it what to
 * write (undefined: nothing), and the entry goes to the end of the file in one write and is flushed. Killed at any instant, the
 * file holds all earlier entries, and of this one all, nothing, or a beginning that the next reader recognises. Before an entry that
 * follows such a beginning, a `repair` entry keeps what was there.
 *
 * @throws DataError if the journal was edited by hand and nobody accepted that, is locked, or cannot be written
 */
export async function appendToJournal(
  path: string,
  decide: (journal: JournalText) => EntryBody | undefined,
  options: JournalWriteOptions,
): Promise<JournalEntry | undefined> {
  const at = checkedTime(options.at);
  return withLock(
    path,
    () => {
      const journal = readJournal(path);
      const repair =
        journal.tail === undefined ? "" : formatEntry({ kind: "repair", dropped: journal.tail }, at, journal);
      const whole = repair === "" ? journal : continueJournal(journal, repair);
      const body = decide(whole);
      if (body === undefined) return undefined;
      if (body.kind !== "accept") refuseEdits(path, journal);
      const text = formatEntry(body, at, whole);
      write(path, journal, repair + text);
      return continueJournal(whole, text).entries.at(-1);
    },
    options,
  );
}

/**
 * Refuses a journal that was edited by hand.
 *
 * @throws DataError listing the entries
 */
export function refuseEdits(path: string, { edits }: Pick<JournalText, "edits">): void {
  if (edits.length === 0) return;
  const list = edits.map(({ n, line, what }) => `entry ${n} (line ${line}) ${what}`).join("; ");
  throw new DataError(
    `the journal was edited by hand: ${list}. Look at these entries; undo the edit, or accept it (acceptEdits, \`campaign status --accept-edits\`)`,
    { location: { file: path } },
  );
}

function write(path: string, journal: JournalText, text: string): void {
  let descriptor: number | undefined;
  const bytes = readFileSync(path);
  const whole = Buffer.byteLength(bytes.toString("utf8").slice(0, journal.length));
  try {
    descriptor = retryWhileOpenSync(() => openSync(path, "r+"));
    if (whole < bytes.length) ftruncateSync(descriptor, whole);
    const endsInNewline = whole === 0 || bytes[whole - 1] === 0x0a;
    const data = Buffer.from(endsInNewline ? text : `\n${text}`);
    try {
      let done = 0;
      while (done < data.length) done += writeSync(descriptor, data, done, data.length - done, whole + done);
      fsyncSync(descriptor);
    } catch (error) {
      ftruncateSync(descriptor, whole); // a full disk leaves no half entry
      throw error;
    }
  } catch (error) {
    throw cannotWrite(path, error, "the journal");
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function checkedTime(at: string): string {
  if (Number.isNaN(Date.parse(at))) throw new DataError(`"${at}" is no time; give it as 2026-11-27T09:30:00Z`);
  return at;
}
