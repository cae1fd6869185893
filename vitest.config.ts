import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./tools/testing/closing-line-reporter.ts";

const conditions = ["@materiome/source", "node", "import", "default"];
const hook = fileURLToPath(new URL("./tools/testing/register-typescript.mjs", import.meta.url));
const beside = fileURLToPath(new URL("../shared/datasets", import.meta.url));
const datasets = process.env["MATERIOME_DATA"] ?? (existsSync(beside) ? beside : undefined);

// Files share the modules that others in their process have loaded, which is most of the time a small test takes; those that
// replace a module stand apart.
const all = ["packages/*/test/**/*.test.ts", "datasets/test/**/*.test.ts", "examples/test/**/*.test.ts"];
const replacing = "**/*.isolated.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    globalSetup: ["./packages/core/scripts/buildWasm.mjs"],
    setupFiles: ["./tools/testing/fail-on-console.ts", "./tools/testing/seed-properties.ts"],
    reporters: ["default", new ClosingLineReporter()],
    pool: "forks",
    maxWorkers: "100%", // by default one core is left idle, which is half of two
    execArgv: ["--import", hook, "--conditions=@materiome/source"],
    env: datasets === undefined ? {} : { MATERIOME_DATA: datasets },
    // Room for a slow machine whose cores are all taken; what hangs is still ended.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    typecheck: { enabled: false },
    projects: [
      {
        extends: true,
        test: { name: "shared", include: all, exclude: ["**/node_modules/**", replacing], isolate: false },
      },
      { extends: true, test: { name: "apart", include: [`packages/*/test/${replacing}`], isolate: true } },
    ],
  },
});
