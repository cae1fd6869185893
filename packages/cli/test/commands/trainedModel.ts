import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alloyLines, csv } from "./alloyTable.ts";
import { runCli } from "./runCli.ts";

/** Trains the yield strength of the alloys in `folder`: `alloys.csv` and `model/`. */
export async function trainAlloys(folder: string): Promise<void> {
  await writeFile(join(folder, "alloys.csv"), csv(alloyLines()));
  const args = ["train", "alloys.csv", "--target", "Yield strength", "--model", "ridge", "--threads", "1"];
  const { code, stderr } = await runCli([...args, "--out", "model"], { cwd: folder });
  if (code !== 0) throw new Error(stderr);
}
