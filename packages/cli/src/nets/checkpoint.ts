import { createHash } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { DataError, writeFileAtomic } from "@materiome/core";
import type { TrainingCheckpoint } from "@materiome/forward/nets";
import { readJsonFile } from "../input/readJsonFile.ts";
import type { Session } from "../terminal/session.ts";
import { epochLines } from "./epochLines.ts";

export interface CheckpointKeeper {
  readonly start: TrainingCheckpoint | undefined;
  /** To be called after each epoch, of which it tells now and then. */
  keepAndTell(session: Pick<Session, "note">, epochs: number, what?: string): (checkpoint: TrainingCheckpoint) => void;
  /** Writes the last one; returns the epochs done, 0 where there is none. */
  save(): Promise<number>;
  remove(): Promise<void>;
}

/** Beside the model, until that is written: the last epoch when stopped, and once a minute, as power may fail. */
export async function openCheckpoint(
  path: string,
  type: string,
  settings: Readonly<Record<string, unknown>>,
  isResumed: boolean,
): Promise<CheckpointKeeper> {
  const start = isResumed ? await readCheckpoint(path, type, settings) : undefined;
  let last = start;
  let written = performance.now();
  let writing: Promise<unknown> = Promise.resolve();
  const write = (checkpoint: TrainingCheckpoint): Promise<unknown> => {
    written = performance.now();
    const text = JSON.stringify({ type, version: 1, settings, checkpoint });
    writing = writing.then(() => writeFileAtomic(path, text));
    return writing;
  };
  return {
    start,
    keepAndTell(session, epochs, what = "") {
      const tell = epochLines(session, epochs, { what });
      return (checkpoint) => {
        last = checkpoint;
        // A full disk is told of where the model is written.
        if (performance.now() - written > 60_000) write(checkpoint).catch(() => undefined);
        tell(checkpoint);
      };
    },
    async save() {
      if (last === undefined) return 0;
      await write(last);
      return last.curve.length;
    },
    async remove() {
      await writing.catch(() => undefined);
      await rm(path, { force: true });
    },
  };
}

async function readCheckpoint(
  path: string,
  type: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<TrainingCheckpoint> {
  if (!(await isThere(path))) {
    throw new DataError("no training that was stopped is kept there; train without --resume", {
      location: { file: path },
    });
  }
  const stored = (await readJsonFile(path)) as {
    readonly type?: unknown;
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly checkpoint?: TrainingCheckpoint;
  };
  if (stored?.type !== type || stored.settings === undefined || stored.checkpoint === undefined) {
    throw new DataError("is no training that was stopped; train without --resume", { location: { file: path } });
  }
  const { settings: earlier, checkpoint } = stored;
  const other = [...new Set([...Object.keys(settings), ...Object.keys(earlier)])].filter(
    (name) => JSON.stringify(settings[name]) !== JSON.stringify(earlier[name]),
  );
  if (other.length === 0) return checkpoint;
  throw new DataError(
    `was stopped with other ${other.join(", ")}; give the same command with --resume, or train without it`,
    { location: { file: path } },
  );
}

export function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Of the contents of files, in their order. */
export async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const file of files)
    hash.update(
      createHash("sha256")
        .update(await readFile(file))
        .digest(),
    );
  return hash.digest("hex");
}
