import { dirname, resolve } from "node:path";
import { writeFileAtomic } from "@materiome/core";
import { loadClassifier } from "@materiome/microstructure";
import { averageSegmenters, type MicrographSegmenter } from "@materiome/microstructure/pixels";
import { prepareFolder } from "../output/prepareFolder.ts";
import { readLearnedFrom, withLearnedFrom } from "../segment/learnedFrom.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { versions } from "../version.ts";

export interface SegmentAverageOptions extends CommonOptions {
  readonly out: string;
}

/** `materiome segment average MODEL MODEL… --out MODEL`: the mean of what several models say of every pixel, as one model. */
export async function runSegmentAverageCommand(
  files: readonly string[],
  { out }: SegmentAverageOptions,
  session: Session,
): Promise<void> {
  if (files.length < 2) throw new UsageError("an average is of two models or more; give their files");
  const twice = files.find((file, k) => files.findIndex((other) => resolve(other) === resolve(file)) < k);
  if (twice !== undefined) throw new UsageError(`${twice} is given twice; give each model once`);
  await prepareFolder(dirname(resolve(out)));
  const members: MicrographSegmenter[] = [];
  const learnedFrom: (ReadonlySet<string> | undefined)[] = [];
  for (const path of files) {
    session.signal.throwIfAborted();
    members.push(await loadClassifier({ path, readerModule: import.meta.resolve("@materiome/forward") }));
    learnedFrom.push(await readLearnedFrom(path));
  }
  const average = averageSegmenters(members, { names: files });
  const silent = files.filter((_, k) => learnedFrom[k] === undefined);
  const contents = learnedFrom.flatMap((known) => [...(known ?? [])]);
  await writeFileAtomic(out, JSON.stringify(silent.length > 0 ? average : withLearnedFrom(average, contents)));
  const { classes, channels, pixelSizeUm = null } = average;
  session.result({ model: out, members: [...files], classes, channels, pixelSizeUm, versions: versions() });
  session.output(
    `${out}: ${files.length} models, ${classes.join(", ")} in ${channels === "grey" ? "grey" : "coloured"} images`,
  );
  const unscaled = files.filter((_, k) => members[k]?.pixelSizeUm === undefined);
  if (pixelSizeUm !== null && unscaled.length > 0) {
    session.warn(
      `${unscaled.join(", ")}: does not know the pixel size of its training images, and is taken to have learned from pixels of ${pixelSizeUm} µm as the others; train it with --pixel-size to be sure`,
    );
  }
  if (silent.length > 0) {
    session.warn(
      `${silent.join(", ")}: does not say which images it has learned from (it is from elsewhere, or of an earlier version), so neither does the average: segment predict --labels cannot keep scores of those apart`,
    );
  }
}
