import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareFolder, removeUnusedFolders } from "../../src/output/prepareFolder.ts";
import { workFolder } from "../commands/workFolder.ts";

describe("removeUnusedFolders", () => {
  it("removes what was made and not used, with its parents", async () => {
    const at = await workFolder();
    await prepareFolder(join(at, "a/b/c"));
    await prepareFolder(join(at, "a/d"));
    removeUnusedFolders();
    expect(await readdir(at)).toEqual([]);
  });

  it("keeps folders that were there, and those that hold something", async () => {
    const at = await workFolder();
    await mkdir(join(at, "old"));
    await prepareFolder(join(at, "old"));
    await prepareFolder(join(at, "old/unused"));
    await prepareFolder(join(at, "new/used"));
    await writeFile(join(at, "new/used/file"), "");
    removeUnusedFolders();
    expect((await readdir(at, { recursive: true })).sort()).toEqual(["new", "new/used", "new/used/file", "old"]);
  });
});
