import { readdir, readFile, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runNode } from "./runProgram.ts";
import { copyWorkspace, listPackages, type Manifest, removeFolder, workspaceRoot } from "./workspaceCopy.ts";

interface Violation {
  readonly rule: string;
  readonly file: string;
  readonly source: string;
  readonly error: string;
}

// Imports that the layout forbids, written into a copy of the workspace that is otherwise as it stands.
const violations: readonly Violation[] = [
  {
    rule: "a package importing its sibling",
    file: "packages/microstructure/src/forbidden.ts",
    source: 'export * as forbidden from "@materiome/forward";\n',
    error: "TS2307",
  },
  {
    rule: "a package importing the command line",
    file: "packages/inverse/src/forbidden.ts",
    source: 'export * as forbidden from "materiome";\n',
    error: "TS2307",
  },
  {
    rule: "a file inside another package, past its exports",
    file: "packages/inverse/src/forbiddenDeep.ts",
    source: 'export * as forbidden from "@materiome/core/src/random/random.ts";\n',
    error: "TS2307",
  },
  {
    rule: "a file of another package by relative path",
    file: "packages/microstructure/src/forbiddenRelative.ts",
    source: 'export * as forbidden from "../../core/src/index.ts";\n',
    error: "TS2878",
  },
  {
    rule: "a kernel importing the API layer",
    file: "packages/forward/src/kernels/forbidden.ts",
    source: 'export * as forbidden from "../index.ts";\n',
    error: "TS6307",
  },
  {
    rule: "core importing a package above it",
    file: "packages/core/src/forbidden.ts",
    source: 'export * as forbidden from "@materiome/forward";\n',
    error: "TS2307",
  },
];
const allowed = {
  file: "packages/inverse/src/allowed.ts",
  source: 'export * as allowed from "@materiome/core";\n',
};

describe("the compiler, set as the build sets it, refuses", () => {
  let copy = "";

  beforeAll(async () => {
    copy = await copyWorkspace();
    const compiler = join(workspaceRoot, "node_modules/typescript/bin/tsc");
    await runNode([compiler, "-b"], copy); // declarations that packages see of each other, where they are not built yet
    await Promise.all([...violations, allowed].map(({ file, source }) => writeFile(join(copy, file), source)));
  }, 480_000);

  afterAll(() => (copy === "" ? undefined : removeFolder(copy)));

  it.each(violations.map((violation) => [violation.rule, violation] as const))("%s", (_, { file, error }) => {
    expect(errorsIn(copy, file)).toContain(error);
  });

  it("and nothing where a package imports what it declares", () => {
    expect(errorsIn(copy, allowed.file)).toEqual([]);
  });
});

/** Errors of one file in the project that it belongs to: the nearest tsconfig.json above it. */
function errorsIn(root: string, file: string): string[] {
  const path = join(root, file);
  const config = ts.findConfigFile(dirname(path), ts.sys.fileExists) ?? "";
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };
  const project = ts.getParsedCommandLineOfConfigFile(config, {}, host);
  if (project === undefined) throw new Error(`${config} cannot be read`);
  const { fileNames, options, projectReferences } = project;
  expect(fileNames).toContain(path);
  const program = ts.createProgram({ rootNames: fileNames, options, ...(projectReferences && { projectReferences }) });
  const source = program.getSourceFile(path);
  return [...program.getOptionsDiagnostics(), ...program.getSemanticDiagnostics(source)]
    .filter((found) => found.file === source)
    .map(({ code }) => `TS${code}`);
}

const siblings: Readonly<Record<string, readonly string[]>> = {
  "@materiome/core": [],
  "@materiome/microstructure": ["@materiome/core"],
  "@materiome/forward": ["@materiome/core"],
  "@materiome/inverse": ["@materiome/core"],
  "@materiome/datasets": ["@materiome/core"],
};

describe("imports in sources", async () => {
  const packages = (await listPackages()).filter(({ manifest }) => !manifest.private);
  const ours = new Set(packages.map(({ manifest }) => manifest.name));

  it.each(
    packages.filter(({ manifest }) => manifest.name in siblings).map(({ manifest }) => [manifest.name, manifest]),
  )("%s declares no package of ours above or beside it", (_, manifest) => {
    const declared = declaredIn(manifest as Manifest).filter((name) => ours.has(name));
    expect(siblings[(manifest as Manifest).name]).toEqual(expect.arrayContaining(declared));
  });

  it.each(packages.map((entry) => [entry.manifest.name, entry] as const))(
    "%s imports only what it declares, and nothing outside its own sources",
    async (_, { folder, manifest }) => {
      const sources = join(workspaceRoot, folder, "src");
      const declared = new Set(declaredIn(manifest));
      const strays: string[] = [];
      for (const file of await sourceFiles(sources)) {
        const home = file.startsWith(join(sources, "kernels") + sep) ? join(sources, "kernels") : sources;
        for (const specifier of importsOf(file, await readFile(file, "utf8"))) {
          const legal = specifier.startsWith(".")
            ? resolve(file, "..", specifier).startsWith(home + sep) || specifier.endsWith("package.json")
            : isBuiltin(specifier) || declared.has(packageName(specifier)) || packageName(specifier) === manifest.name;
          if (!legal) strays.push(`${relative(workspaceRoot, file)} imports ${specifier}`);
        }
      }
      expect(strays).toEqual([]);
    },
  );

  it("are found whatever their form", () => {
    const source = 'import a from "a"; import type { B } from "b"; export * from "c"; const d = await import("d");';
    expect(importsOf("x.ts", source)).toEqual(["a", "b", "c", "d"]);
    expect(packageName("@scope/name/deep/file.js")).toBe("@scope/name");
    expect(packageName("name/deep")).toBe("name");
  });
});

function declaredIn({ dependencies, peerDependencies, optionalDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies });
}

async function sourceFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string, source: string): string[] {
  const { importedFiles } = ts.preProcessFile(source, true, file.endsWith("js"));
  return importedFiles.map(({ fileName }) => fileName);
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
