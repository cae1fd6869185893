import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a test run with one plain line, `N passed, N failed, N skipped`, after naming each skipped test: a test that
 * did not run (no data, no network) is to be seen, not inferred. A file that cannot be loaded and an error outside any
 * test count as failures.
 */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const skipped: string[] = [];
    let passed = 0;
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === "passed") passed += 1;
        else if (result.state === "failed") failed += 1;
        else {
          const reason = result.state === "skipped" && result.note !== undefined ? ` [${result.note}]` : "";
          skipped.push(`${module.relativeModuleId} > ${test.fullName}${reason}`);
        }
      }
    }
    const lines = skipped.map((name) => `skipped: ${name}`);
    console.log([...lines, `${passed} passed, ${failed} failed, ${skipped.length} skipped`].join("\n"));
  }
}
