import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { runNode, runNpm } from "./runProgram.ts";
import { removeFolder, temporaryFolder, workspaceRoot } from "./workspaceCopy.ts";

const script = (name: string): string => new URL(`../../scripts/${name}`, import.meta.url).href;
const { checkNode } = (await import(script("checkNode.mjs"))) as { checkNode(version?: string): void };
const { isInstalled, markInstalling, markInstalled } = (await import(script("installState.mjs"))) as {
  isInstalled(root: string): boolean;
  markInstalling(root: string): void;
  markInstalled(root: string): void;
};
const { pinnedPnpm } = (await import(script("pinnedPnpm.mjs"))) as {
  pinnedPnpm(root: string, say: (line: string) => void): Promise<string>;
};

describe("the Node.js version check", () => {
  it.each(["20.19.0", "20.20.2", "22.12.0", "24.0.0", "26.1.0"])("accepts %s", (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  it.each(["16.20.2", "18.20.0", "20.18.3", "21.7.0", "22.11.0", "23.4.0"])(
    "refuses %s and says what to do",
    (version) => {
      expect(() => checkNode(version)).toThrow(
        new RegExp(`This is Node\\.js ${version.replaceAll(".", "\\.")}; Materiome needs 20\\.19[\\s\\S]*Install`),
      );
    },
  );
});

describe("whether to install", () => {
  let root = "";

  const put = async (file: string, content: unknown): Promise<void> => {
    await mkdir(join(root, file, ".."), { recursive: true });
    await writeFile(join(root, file), typeof content === "string" ? content : JSON.stringify(content));
  };

  beforeEach(async () => {
    root = await temporaryFolder("materiome-stamp-");
    await put("package.json", { devDependencies: { tool: "1.0.0" } });
    await put("pnpm-workspace.yaml", "packages:\n  - packages/*\n  - 'extra' # one folder\nignored:\n  - other\n");
    await put("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    await put("packages/a/package.json", { dependencies: { "@scope/lib": "1.0.0" } });
    await put("extra/package.json", {});
    await put("node_modules/tool/package.json", {});
    await put("packages/a/node_modules/@scope/lib/package.json", {});
    markInstalled(root);
  });

  afterEach(() => removeFolder(root));

  it("is no after a complete install", () => {
    expect(isInstalled(root)).toBe(true);
  });

  it("is yes while an install is under way or was broken off", () => {
    markInstalling(root);
    expect(isInstalled(root)).toBe(false);
  });

  it.each([
    ["the lockfile", "pnpm-lock.yaml", "lockfileVersion: '9.1'\n"],
    ["the workspace file", "pnpm-workspace.yaml", "packages:\n  - packages/*\n"],
    ["the root manifest", "package.json", { devDependencies: {} }],
    ["a package manifest", "packages/a/package.json", { dependencies: {} }],
    ["a package outside packages/", "extra/package.json", { version: "2.0.0" }],
    ["npm's settings", ".npmrc", "engine-strict=false\n"],
    ["the set of packages", "packages/b/package.json", {}],
  ])("is yes once %s has changed", async (_, file, content) => {
    await put(file, content);
    expect(isInstalled(root)).toBe(false);
  });

  it("is yes after a stray npm install", async () => {
    await put("node_modules/.package-lock.json", {});
    expect(isInstalled(root)).toBe(false);
  });

  it("is yes where a dependency has gone, or the stamp is damaged", async () => {
    await put("node_modules/.materiome-setup.json", '{"finger');
    expect(isInstalled(root)).toBe(false);
    markInstalled(root);
    await rm(join(root, "packages/a/node_modules/@scope/lib"), { recursive: true });
    expect(isInstalled(root)).toBe(false);
  });
});

describe("the pinned pnpm", () => {
  const version = "10.0.1";
  let store = "";
  let root = "";
  let tarball = Buffer.alloc(0);
  let registry: Server;

  // A registry with one package, whose tarball prints its name.
  beforeAll(async () => {
    store = await temporaryFolder("materiome-registry-");
    await mkdir(join(store, "bin"));
    await writeFile(join(store, "package.json"), JSON.stringify({ name: "pnpm", version, bin: "bin/pnpm.cjs" }));
    await writeFile(join(store, "bin/pnpm.cjs"), "console.log('stand-in');\n");
    expect((await runNpm(["pack"], store)).code).toBe(0);
    tarball = await readFile(join(store, `pnpm-${version}.tgz`));
    registry = createServer((request, response) => {
      if (request.url?.endsWith(".tgz")) {
        response.end(tarball);
        return;
      }
      const file = `http://127.0.0.1:${port()}/pnpm/-/pnpm-${version}.tgz`;
      const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
      const entry = { name: "pnpm", version, dist: { tarball: file, integrity } };
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name: "pnpm", "dist-tags": { latest: version }, versions: { [version]: entry } }));
    });
    await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  });

  afterAll(async () => {
    registry.close();
    await removeFolder(store);
  });

  beforeEach(async () => {
    root = await temporaryFolder("materiome pnpm ");
    vi.stubEnv("npm_config_registry", `http://127.0.0.1:${port()}/`);
    vi.stubEnv("npm_config_cache", join(root, "cache"));
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await removeFolder(root);
  });

  const port = (): number => (registry.address() as AddressInfo).port;
  const pin = (sha512: string): Promise<void> =>
    writeFile(join(root, "package.json"), JSON.stringify({ packageManager: `pnpm@${version}+sha512.${sha512}` }));
  const digest = (): string => createHash("sha512").update(tarball).digest("hex");

  it("comes from the configured registry, once, into a path with spaces", async () => {
    await pin(digest());
    const said: string[] = [];
    const program = await pinnedPnpm(root, (line) => said.push(line));
    expect((await runNode([program], root)).output).toBe("stand-in\n");
    expect(await pinnedPnpm(root, (line) => said.push(line))).toBe(program);
    expect(said).toHaveLength(1);
    expect(await readdir(join(root, ".materiome"))).toEqual([`pnpm-${version}`]);
  });

  it("is refused, and not unpacked, where the file is another one", async () => {
    await pin("0".repeat(128));
    await expect(pinnedPnpm(root, () => undefined)).rejects.toThrow(/not the pinned one[\s\S]*expected sha512 0000/);
    expect(await readdir(join(root, ".materiome"))).toEqual([]);
  });

  it("says so where the registry cannot be reached", async () => {
    await pin(digest());
    vi.stubEnv("npm_config_registry", "http://127.0.0.1:9/");
    await expect(pinnedPnpm(root, () => undefined)).rejects.toThrow("Could not reach the npm registry");
  });

  it("must be pinned by digest", async () => {
    await writeFile(join(root, "package.json"), JSON.stringify({ packageManager: "pnpm@10" }));
    await expect(pinnedPnpm(root, () => undefined)).rejects.toThrow('"packageManager" must read');
  });
});

describe("setup", () => {
  it("names the jobs where it is given another", async () => {
    const result = await runNode(["packages/cli/scripts/setup.mjs", "tset"], workspaceRoot);
    expect(result.code).toBe(2);
    expect(result.output).toContain('Unknown job "tset"; expected one of start, test, setup');
  });

  describe("of a project that is installed", () => {
    let root = "";

    beforeEach(async () => {
      root = await temporaryFolder("materiome-start-");
      await cp(join(workspaceRoot, "packages/cli/scripts"), join(root, "packages/cli/scripts"), { recursive: true });
      await mkdir(join(root, "packages/cli/bin"));
      await mkdir(join(root, "node_modules/typescript/bin"), { recursive: true });
      await writeFile(join(root, "package.json"), '{ "type": "module" }');
      await writeFile(join(root, "pnpm-workspace.yaml"), "packages:\n  - packages/*\n");
      await writeFile(join(root, "node_modules/typescript/bin/tsc"), "");
      await mkdir(join(root, "packages/core/scripts"), { recursive: true });
      await writeFile(join(root, "packages/core/scripts/buildWasm.mjs"), "");
      markInstalled(root);
    });

    afterEach(() => removeFolder(root));

    const putCommand = (source: string): Promise<void> =>
      writeFile(join(root, "packages/cli/bin/materiome.js"), source);

    it("starts the demo, passing arguments, output and exit code, and fetches nothing", async () => {
      await putCommand("console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 5;");
      const result = await runNode(["packages/cli/scripts/setup.mjs", "start", "--seed", "7"], root);
      expect(result.code).toBe(5);
      expect(result.output.split("\n")[0]).toBe('["demo","--seed","7"]');
      expect(existsSync(join(root, ".materiome"))).toBe(false);
    });

    it.skipIf(process.platform === "win32")("on Ctrl-C waits until the job has cleaned up (POSIX only)", async () => {
      await putCommand(`
        setTimeout(() => {}, 20_000);
        process.on("SIGINT", () => setTimeout(() => { console.log("cleaned up"); process.exit(130); }, 300));
        console.log("running");
      `);
      const child = spawn(process.execPath, ["packages/cli/scripts/setup.mjs", "start"], {
        cwd: root,
        detached: true, // a process group of its own, as in a terminal
        stdio: ["ignore", "pipe", "ignore"],
      });
      const lines: string[] = [];
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        lines.push(...chunk.trim().split("\n"));
        if (chunk.includes("running")) process.kill(-(child.pid as number), "SIGINT");
      });
      const code = await new Promise((resolve) => child.on("close", resolve));
      expect(lines).toEqual(["running", "cleaned up"]);
      expect(code).toBe(130);
    });
  });
});
