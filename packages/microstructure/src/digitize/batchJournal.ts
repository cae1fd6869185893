import { createHash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { DataError, FormatError, IncompatibleError, writeFileAtomic } from "@materiome/core";
import type { ImageSummary } from "./imageSummary.ts";

/** Name of the journal within the output folder. */
export const JOURNAL_NAME = "digitize.journal.ndjson";

/** Measured images of a batch, kept on disk one line an image, so that a batch that was stopped can go on. */
export interface BatchJournal {
  /** What an earlier run measured of this file, if the file and its results are still the same. */
  recall(file: string): Promise<ImageSummary | undefined>;
  /** Appends a measured image; on disk when the promise resolves. */
  record(file: string, summary: ImageSummary): Promise<void>;
  close(): Promise<void>;
}

interface Entry {
  readonly file: string;
  readonly sha256: string;
  /** Bytes of each output file. */
  readonly bytes: Readonly<Record<string, number>>;
  readonly summary: ImageSummary;
}

/**
 * Opens the journal of a batch in its output folder.
 *
 * The first line holds the settings that results depend on, the version of this package among them; each further line one image with the sha256 of its file. An image
 * is recalled only if its file has the same sha256 and its outputs are there with the size they were written with. A last
 * line that was cut short (power failure, kill) is dropped. Images that failed are not kept, so they are tried again.
 *
 * @param settings - everything that results depend on, as plain data
 * @param resume - go on with the journal that is there; else an older one is replaced
 * @throws IncompatibleError if the journal belongs to other settings, naming them; FormatError if it is no journal
 * @throws DataError if it cannot be written
 */
export async function openBatchJournal(
  outDir: string,
  settings: Readonly<Record<string, unknown>>,
  resume: boolean,
): Promise<BatchJournal> {
  const path = join(outDir, JOURNAL_NAME);
  const header = JSON.stringify({
    journal: "materiome digitize",
    version: 1,
    settings: { ...settings, version: packageVersion() },
  });
  const { entries, lines } = resume
    ? await readJournal(path, header)
    : { entries: new Map<string, Entry>(), lines: [] };
  // Written whole first, so that a torn last line or an older journal is gone before anything is appended.
  await writeFileAtomic(path, `${[header, ...lines].join("\n")}\n`);
  const handle = await open(path, "a").catch((error: Error) => {
    throw new DataError(`the journal of the batch cannot be written (${error.message})`, { location: { file: path } });
  });
  // One after the other, and none after one that failed: it may have left half a line, and only at the end is that dropped.
  let appended: Promise<void> = Promise.resolve();
  const hashes = new Map<string, Promise<string>>();
  const hashOf = (file: string): Promise<string> => {
    const known = hashes.get(file) ?? sha256(file);
    hashes.set(file, known);
    return known;
  };
  return {
    recall: async (file) => {
      const entry = entries.get(file);
      if (entry === undefined || !(await hasOutputs(outDir, entry))) return undefined;
      return (await hashOf(file).catch(() => undefined)) === entry.sha256 ? entry.summary : undefined;
    },
    record: async (file, summary) => {
      const sizes = Object.values(summary.outputs).map(async (name): Promise<[string, number]> => {
        return [name, (await stat(join(outDir, name))).size];
      });
      const entry: Entry = {
        file,
        sha256: await hashOf(file),
        bytes: Object.fromEntries(await Promise.all(sizes)),
        summary,
      };
      appended = appended.then(() => append(handle, path, `${JSON.stringify(entry)}\n`));
      await appended;
    },
    close: () => handle.close(),
  };
}

async function append(handle: FileHandle, path: string, line: string): Promise<void> {
  try {
    await handle.appendFile(line);
    await handle.sync();
  } catch (error) {
    throw new DataError(
      `the journal of the batch cannot be written (${(error as Error).message}); free space and go on with --resume`,
      {
        location: { file: path },
        cause: error,
      },
    );
  }
}

async function readJournal(
  path: string,
  header: string,
): Promise<{ readonly entries: Map<string, Entry>; readonly lines: readonly string[] }> {
  const entries = new Map<string, Entry>();
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined; // nothing was begun here
    throw new DataError(`the journal of the batch cannot be read (${error.message})`, { location: { file: path } });
  });
  if (text === undefined) return { entries, lines: [] };
  const [first = "", ...rest] = text.split("\n");
  refuseOtherSettings(path, first, header);
  const whole = rest.slice(0, -1); // what follows the last line break is empty or cut short
  for (const [k, line] of whole.entries()) {
    const entry = parse(line) as Entry | undefined;
    if (typeof entry?.file !== "string" || typeof entry.sha256 !== "string" || entry.summary === undefined) {
      throw new FormatError("this line is no entry of a batch; start again without --resume", {
        location: { file: path, row: k + 2 },
      });
    }
    entries.set(entry.file, entry);
  }
  return { entries, lines: whole };
}

function refuseOtherSettings(path: string, found: string, expected: string): void {
  if (found === expected) return;
  const location = { file: path };
  const before = parse(found) as { readonly settings?: Record<string, unknown> } | undefined;
  const now = (parse(expected) as { readonly settings: Record<string, unknown> }).settings;
  if (before?.settings === undefined)
    throw new FormatError("is no journal of a batch; start again without --resume", { location });
  const then = before.settings;
  const names = [...new Set([...Object.keys(then), ...Object.keys(now)])];
  const text = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
  const changed = names.filter((name) => text(then[name]) !== text(now[name]));
  throw new IncompatibleError(
    `the batch in this folder was begun with other settings (${changed.map((name) => `${name}: ${text(then[name])} then, ${text(now[name])} now`).join("; ")}); use those again, another --out, or start again without --resume`,
    { location },
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function hasOutputs(outDir: string, { bytes }: Entry): Promise<boolean> {
  const checks = Object.entries(bytes).map(async ([name, size]) => {
    const found = await stat(join(outDir, name)).catch(() => undefined);
    return found?.size === size;
  });
  return (await Promise.all(checks)).every(Boolean);
}

/** sha256 of a file's bytes, hexadecimal. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  return hash.digest("hex");
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
