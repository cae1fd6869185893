import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "./runCli.ts";
import { filesIn, workFolder } from "./workFolder.ts";

const COMMANDS = [
  ["demo"],
  ["digitize"],
  ["featurize"],
  ["train"],
  ["predict"],
  ["explain"],
  ["export"],
  ["invert"],
  ["campaign", "new"],
  ["campaign", "ask"],
  ["campaign", "tell"],
  ["campaign", "status"],
  ["campaign", "change"],
  ["segment", "train"],
  ["segment", "predict"],
  ["segment", "pretrain"],
  ["segment", "import"],
  ["images", "train"],
  ["images", "predict"],
  ["datasets", "list"],
  ["datasets", "info"],
  ["datasets", "check"],
];

describe("materiome", () => {
  it.each(COMMANDS.map((command) => [command.join(" "), command] as const))(
    "%s --help shows an example and the common options",
    async (name, command) => {
      const { code, stdout, stderr } = await runCli([...command, "--help"], { cwd: await workFolder() });
      expect(code).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toMatch(new RegExp(`Example:\\n {2}\\$ materiome ${name} ?`));
      for (const option of ["--json", "--quiet", "--seed", "--threads"]) expect(stdout).toContain(option);
    },
  );

  it("--help names every command", async () => {
    const { code, stdout } = await runCli(["--help"], { cwd: await workFolder() });
    expect(code).toBe(0);
    for (const [name] of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name}`, "m"));
  });

  it.each([
    ["an unknown option", ["train", "t.csv", "--target", "y", "--trees", "9"], "unknown option '--trees'"],
    ["an unknown command", ["trian"], "unknown command 'trian'"],
    ["a missing argument", ["train", "--target", "y"], "missing required argument 'table'"],
    ["a missing option", ["train", "t.csv"], "required option '--target <columns...>'"],
    ["a seed that is no whole number", ["demo", "--seed", "1.5"], "expected a whole number"],
    ["no threads", ["demo", "--threads", "0"], "at least 1"],
    ["a rate of 0", ["images", "train", "d", "--out", "m", "--learning-rate", "0"], "above 0 and at most 1"],
    ["a level beyond one", ["predict", "m", "t.csv", "--level", "90"], "between 0 and 1"],
  ])("%s is wrong usage: exit code 2, with a way on", async (_, args, says) => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(args, { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(stderr).toContain("--help");
    expect(stdout).toBe("");
    expect(await filesIn(cwd)).toEqual([]);
  });

  it.each([
    [
      "segment train",
      ["x.png", "--labels", "x.png", "--classes", "a", "b", "--out", "new/m.json", "--report", "r/r.html"],
    ],
    ["images train", ["files.csv", "--target", "class", "--out", "new/deep/m.json", "--report", "r/r.html"]],
  ])("%s leaves no folder behind where it refuses its input", async (name, args) => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "x.png"), "no image");
    await writeFile(join(cwd, "files.csv"), "file,class\nx.png,a\n");
    const { code, stderr } = await runCli([...name.split(" "), ...args], { cwd });
    expect(code, stderr).not.toBe(0);
    expect((await readdir(cwd)).sort(), stderr).toEqual(["files.csv", "x.png"]);
  });

  it("with --json a wrong usage is one document, too", async () => {
    const { code, stdout } = await runCli(["train", "t.csv", "--json"], { cwd: await workFolder() });
    expect(code).toBe(2);
    expect(JSON.parse(stdout).error).toMatchObject({ exitCode: 2 });
  });

  it("starts within a second on a free machine (five here): commands load what they need when they run", async () => {
    const started = performance.now();
    await runCli(["--version"], { cwd: await workFolder() });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.skipIf(process.platform === "win32")("a reader that goes away is no fault", async () => {
    const cwd = await workFolder();
    const [stdout, stderr] = await Promise.all([
      runCli(["datasets", "list"], { cwd, onStart: (child) => child.stdout?.destroy() }),
      runCli(["train", "missing.csv", "--target", "y"], { cwd, onStart: (child) => child.stderr?.destroy() }),
    ]);
    expect(stdout).toMatchObject({ code: 0, stderr: "" });
    expect(stderr.code).toBe(3);
  });
});
