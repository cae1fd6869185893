import { describe, expect, it } from "vitest";
import { ProgressBar } from "../../src/terminal/progressBar.ts";

function recorder(isTTY: boolean): { isTTY: boolean; columns: number; text: string; write(t: string): void } {
  return {
    isTTY,
    columns: 80,
    text: "",
    write(t: string) {
      this.text += t;
    },
  };
}

describe("ProgressBar", () => {
  it("stays silent for the first second and on files", () => {
    let now = 0;
    const terminal = recorder(true);
    const bar = new ProgressBar(terminal, () => now);
    now = 900;
    bar.update({ stage: "trees", done: 1, total: 10 });
    expect(terminal.text).toBe("");
    const file = recorder(false);
    const silent = new ProgressBar(file, () => now);
    now = 5000;
    silent.update({ stage: "trees", done: 1, total: 10 });
    expect(file.text).toBe("");
  });

  it("shows how far the work is and clears itself", () => {
    let now = 0;
    const terminal = recorder(true);
    const bar = new ProgressBar(terminal, () => now);
    now = 2000;
    bar.update({ stage: "trees", done: 5, total: 10 });
    expect(terminal.text).toContain(`${"█".repeat(12)}${"░".repeat(12)} 5/10 trees`);
    bar.clear();
    expect(terminal.text.endsWith("\r\u001b[2K")).toBe(true);
  });
});
