import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode, runNpm } from "./runProgram.ts";
import {
  copyWorkspace,
  listPackages,
  type Manifest,
  readJson,
  removeFolder,
  temporaryFolder,
  workspaceRoot,
} from "./workspaceCopy.ts";

const published = (await listPackages()).map(({ manifest }) => manifest).filter((manifest) => !manifest.private);
const names = published.map(({ name }) => name);

// Installing third-party dependencies into an empty project takes the registry; setup needed it too, tests need not.
const online = (await runNpm(["view", "commander", "name", "--fetch-retries=0"], workspaceRoot)).code === 0;
const condition = online ? "" : " (skipped: the npm registry cannot be reached)";

describe.skipIf(!online)(`tarballs installed into an empty project${condition}`, () => {
  let workspace = "";
  let project = "";
  let tarballs: string[] = [];

  beforeAll(async () => {
    workspace = await copyWorkspace();
    project = await temporaryFolder("materiome-consumer-");
    const destination = join(project, "tarballs");
    await mkdir(destination);
    succeeded(await runNode(["packages/cli/scripts/setup.mjs", "pack", destination, "--incremental"], workspace));
    tarballs = (await readdir(destination)).map((file) => join(destination, file));
    await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
    succeeded(await runNpm(["install", "--no-audit", "--no-fund", "--ignore-scripts", ...tarballs], project));
  }, 480_000);

  afterAll(async () => {
    await Promise.all([workspace, project].filter((folder) => folder !== "").map(removeFolder));
  });

  const installed = (name: string): string => join(project, "node_modules", name);

  it("packs each package that is not private", () => {
    expect(tarballs).toHaveLength(names.length);
    for (const name of names) expect(existsSync(join(installed(name), "package.json")), name).toBe(true);
  });

  it.each(names)("%s ships its build, licence and readme, and no sources, tests or build state", async (name) => {
    const files = await listFiles(installed(name));
    const wanted = ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"];
    expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
    const stray = /^(src|test|bench|scripts)\/|\.tsbuildinfo$|(?<!\.d)\.[cm]?tsx?$|^tsconfig/;
    expect(files.filter((file) => stray.test(file))).toEqual([]);
  });

  it.each(names)("%s asks for versions, not for the workspace, and hides the source condition", async (name) => {
    const manifest = await readJson<Manifest>(join(installed(name), "package.json"));
    for (const [dependency, range] of Object.entries(manifest.dependencies ?? {})) {
      expect(range, dependency).toMatch(/^[\^~]?\d+\.\d+\.\d+/);
    }
    expect(JSON.stringify(manifest.exports)).not.toContain("@materiome/source");
  });

  it.each(names)("%s passes publint --strict", async (name) => {
    const pkg = await readJson<Record<string, unknown>>(join(installed(name), "package.json"));
    const { messages } = await publint({ pkgDir: installed(name), pack: false, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it("can be imported, every entry of every package", async () => {
    const entries = published.flatMap(({ name, exports = {} }) =>
      Object.keys(exports)
        .filter((entry) => !entry.endsWith(".json"))
        .map((entry) => name + entry.slice(1)),
    );
    const script = `for (const entry of ${JSON.stringify(entries)}) console.log(entry, typeof (await import(entry)));`;
    await writeFile(join(project, "import.mjs"), script);
    const result = succeeded(await runNode(["import.mjs"], project));
    expect(result.output.trim().split("\n")).toEqual(entries.map((entry) => `${entry} object`));
  });

  it("gives a strict TypeScript project types that stand without skipLibCheck", async () => {
    const imports = names.map((name, i) => `import * as p${i} from "${name}";\nexport { p${i} };`);
    await writeFile(join(project, "consumer.ts"), imports.join("\n"));
    const compilerOptions = {
      ...{ target: "es2023", lib: ["es2023"], module: "nodenext", strict: true, skipLibCheck: false, noEmit: true },
      ...{ types: ["node"], typeRoots: [join(workspaceRoot, "node_modules/@types")] },
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    const compiler = join(workspaceRoot, "node_modules/typescript/bin/tsc");
    succeeded(await runNode([compiler, "-p", project], project));
  });

  it("runs the command", async () => {
    const { version } = published.find(({ name }) => name === "materiome") as Manifest;
    const shown = succeeded(await runNpm(["exec", "--offline", "--", "materiome", "--version"], project));
    expect(shown.output.trim().split("\n")).toContain(version);
    const help = succeeded(await runNpm(["exec", "--offline", "--", "materiome", "--help"], project));
    for (const command of ["demo", "digitize", "train", "predict", "invert", "datasets"]) {
      expect(help.output).toContain(command);
    }
  });
});

function succeeded<Result extends { code: number | null; output: string }>(result: Result): Result {
  expect(result.code, result.output).toBe(0);
  return result;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => !file.startsWith("node_modules/"));
}
