import { createHash } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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

  it("fetch names each file that it could not bring, and why", async () => {
    const cwd = await workFolder();
    const server = createServer((_, response) => response.end("<html>log in</html>"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const fetch = ["datasets", "fetch", NAME, "--dir", "data"];
    const proxy = await runCli([...fetch, "--mirror", `http://127.0.0.1:${port}/{path}`], { cwd });
    await new Promise((resolve) => server.close(resolve));
    expect(proxy.code).toBe(4);
    expect(proxy.stdout).toMatch(/0 fetched .*1 failed; data/);
    expect(proxy.stdout).toContain("is not the file that was recorded");
    const offline = await runCli([...fetch, "--json", "--mirror", `http://127.0.0.1:${port}/{path}`], { cwd });
    expect(offline.code).toBe(4);
    expect(JSON.parse(offline.stdout).datasets[0].files[0].reason).toContain("Offline?");
    expect(await readdir(join(cwd, "data", NAME))).toEqual([]);
  });

  it("fetch refuses a misspelt name and a mirror without a path before any transfer", async () => {
    const cwd = await workFolder();
    const name = await runCli(["datasets", "fetch", "concrete-strenght"], { cwd });
    expect(name.code).toBe(3);
    expect(name.stderr).toContain("did you mean concrete-strength");
    const mirror = await runCli(["datasets", "fetch", NAME, "--mirror", "http://127.0.0.1/data"], { cwd });
    expect(mirror.code).not.toBe(0);
    expect(mirror.stderr).toContain("{path}");
  });
});
