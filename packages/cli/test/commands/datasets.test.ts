import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { datasetInfo } from "@materiome/datasets";
import { describe, expect, it } from "vitest";
import { runCli } from "./runCli.ts";
import { workFolder } from "./workFolder.ts";

const NAME = "concrete-strength";

describe("materiome datasets", () => {
  it("list names every dataset", async () => {
    const cwd = await workFolder();
    const [said, json] = await Promise.all(
      [[], ["--json"]].map((more) => runCli(["datasets", "list", ...more], { cwd })),
    );
    expect(json?.code).toBe(0);
    const names = JSON.parse(json?.stdout ?? "").datasets.map((dataset: { name: string }) => dataset.name);
    expect(names).toContain("nims-fatigue-steels");
    for (const name of names) expect(said?.stdout).toContain(name);
  });

  it("info gives source, licence and columns with their units", async () => {
    const cwd = await workFolder();
    const [said, json] = await Promise.all(
      [[], ["--json"]].map((more) => runCli(["datasets", "info", "nims-fatigue-steels", ...more], { cwd })),
    );
    expect(said?.stdout).toMatch(/licence +\S/);
    expect(said?.stdout).toMatch(/Fatigue.* property +MPa/);
    expect(JSON.parse(json?.stdout ?? "")).toMatchObject({ name: "nims-fatigue-steels", licence: expect.any(String) });
  });

  it("info of an unknown name lists the known ones", async () => {
    const { code, stderr } = await runCli(["datasets", "info", "concrete"], { cwd: await workFolder() });
    expect(code).toBe(3);
    expect(stderr).toContain('no dataset "concrete"');
    expect(stderr).toContain(NAME);
  });

  it("check tells missing from differing files, and where it looked", async () => {
    const cwd = await workFolder();
    const env = { MATERIOME_DATA: join(cwd, "data"), XDG_CACHE_HOME: join(cwd, "cache"), LOCALAPPDATA: cwd };
    const missing = await runCli(["datasets", "check", NAME], { cwd, env });
    expect(missing.code).toBe(4);
    expect(missing.stdout).toMatch(/concrete-strength +missing +\(0 of \d+ files\)/);
    expect(missing.stdout).toContain(join(cwd, "data"));

    const [file] = datasetInfo(NAME).files;
    const path = join(cwd, "data", NAME, file?.path ?? "");
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(path, "not the data\n");
    const differing = await runCli(["datasets", "check", NAME, "--json"], { cwd, env });
    expect(differing.code).toBe(3);
    const { datasets } = JSON.parse(differing.stdout);
    expect(datasets[0]).toMatchObject({ name: NAME, ok: false, nMismatch: 1 });
    const found = createHash("sha256").update("not the data\n").digest("hex");
    const differs = datasets[0].files.find((entry: { status: string }) => entry.status === "mismatch");
    expect(differs).toMatchObject({ expected: { sha256: file?.sha256 }, found: { sha256: found, bytes: 13 } });
  });

  it.skipIf(process.env["MATERIOME_DATA"] === undefined)(
    "check passes a dataset that is as recorded (needs MATERIOME_DATA)",
    async () => {
      const { code, stdout } = await runCli(["datasets", "check", NAME], { cwd: await workFolder() });
      expect(code).toBe(0);
      expect(stdout).toMatch(/concrete-strength +ok/);
    },
  );
});
