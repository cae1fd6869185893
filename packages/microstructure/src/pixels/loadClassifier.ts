import { createHash } from "node:crypto";
import { DataError, FormatError, IncompatibleError, isMateriomeError, type ModelReader } from "@materiome/core";
import { averageSegmenters, type SegmenterAverage } from "./averageSegmenters.ts";
import type { MicrographSegmenter } from "./micrographSegmenter.ts";
import { readMicrographSegmenter } from "./readMicrographSegmenter.ts";
import { readModelFile } from "./readModelFile.ts";
import type { SegmenterViews } from "./segmenterTiles.ts";
import { createTrainedSegmenter, type TrainedSegmenter } from "./trainedSegmenter.ts";

/** A stored classifier of images and who reads the models inside it; plain data that crosses to worker threads. */
export interface DigitizeModel {
  /** JSON file that holds a stored `MicrographSegmenter`, as `segment train` writes it. */
  readonly path: string;
  /** Module whose export `reader` reads the models inside, as a URL: that of @materiome/forward. */
  readonly readerModule: string;
  /** Of the file's bytes, hexadecimal: a file with others is refused. @defaultValue whatever the file holds */
  readonly sha256?: string | undefined;
  /** Of a net: flips and turns that it is asked for, see `TrainedSegmenterOptions`. @defaultValue as the file says */
  readonly views?: SegmenterViews | undefined;
}

/** The last one: a batch has one model, and a large one should not stay when another takes its place. */
let last: { readonly key: string; readonly classifier: Promise<MicrographSegmenter> } | undefined;

/**
 * Reads a stored pixel classifier or net; the last one is kept in each thread, by its content: a file that was written again is read again.
 *
 * @throws FormatError, naming the file, if it is missing or damaged; IncompatibleError if another version wrote it; DataError if it
 *   is not the one with the `sha256` asked for
 */
export async function loadClassifier(model: DigitizeModel): Promise<MicrographSegmenter> {
  const { path, readerModule } = model;
  const keyOf = (hash: string): string => JSON.stringify([path, readerModule, hash, model.views ?? null]);
  if (last !== undefined && last.key === keyOf(model.sha256 ?? "")) return last.classifier;
  const bytes = await readModelFile(path);
  const hash = createHash("sha256").update(bytes).digest("hex");
  if (model.sha256 !== undefined && hash !== model.sha256) {
    throw new DataError("the model was changed while it was in use; start again, or put the earlier one back", {
      location: { file: path },
    });
  }
  const key = keyOf(hash);
  if (last?.key === key) return last.classifier; // meanwhile
  const mine = { key, classifier: parseClassifier(bytes, model) };
  last = mine;
  mine.classifier.catch(() => {
    if (last === mine) last = undefined;
  });
  return mine.classifier;
}

async function parseClassifier(
  bytes: Buffer,
  { path, readerModule, views }: DigitizeModel,
): Promise<MicrographSegmenter> {
  try {
    const { reader } = (await import(readerModule)) as { readonly reader: ModelReader };
    const classifier = await readMicrographSegmenter(JSON.parse(bytes.toString("utf8")), reader);
    return views === undefined ? classifier : withViews(classifier, views);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** Nets that are asked for views; of an average all nets in it. */
function withViews(classifier: MicrographSegmenter, views: SegmenterViews): MicrographSegmenter {
  const changed = netsWithViews(classifier, views);
  if (changed !== undefined) return changed;
  throw new IncompatibleError("views are asked of nets; this model looks at features of pixels, leave them out");
}

/** Undefined where there is no net. */
function netsWithViews(classifier: MicrographSegmenter, views: SegmenterViews): MicrographSegmenter | undefined {
  const { segmenter, members } = classifier as Partial<TrainedSegmenter & SegmenterAverage>;
  if (segmenter !== undefined) {
    return createTrainedSegmenter(segmenter, { ...(classifier as TrainedSegmenter), views });
  }
  const changed = members?.map((member) => netsWithViews(member, views));
  if (changed?.some((member) => member !== undefined) !== true) return undefined;
  return averageSegmenters(changed.map((member, k) => member ?? members![k]!)); // one per member
}

function unreadable(path: string, cause: unknown): IncompatibleError | FormatError {
  const location = { file: path };
  const said = cause instanceof Error ? cause.message : String(cause);
  // What JSON.parse says quotes the file, which may hold anything.
  const why = cause instanceof SyntaxError ? "it is no complete JSON" : said;
  if (isMateriomeError(cause) && cause.code === "INCOMPATIBLE") return new IncompatibleError(why, { location, cause });
  return new FormatError(`is no model of segment train that can be read (${why}); give the file that it wrote`, {
    location,
    cause,
  });
}
