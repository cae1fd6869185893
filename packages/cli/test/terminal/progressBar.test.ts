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

  it("says how much time is left, once it can tell, and anew for each stage", () => {
    let now = 0;
    const terminal = recorder(true);
    const bar = new ProgressBar(terminal, () => now);
    const shown = (at: number, stage: string, done: number, total: number): string => {
      terminal.text = "";
      now = at;
      bar.update({ stage, done, total });
      return terminal.text;
    };
    expect(shown(2000, "trees", 10, 110)).not.toContain("left");
    expect(shown(6000, "trees", 20, 110)).not.toContain("left");
    expect(shown(12_000, "trees", 30, 110)).toContain("30/110 trees, 40 s left"); // 20 in 10 s
    expect(shown(32_000, "trees", 40, 1000)).not.toContain("left");
    expect(shown(92_000, "trees", 60, 1000)).toContain(", 47 min left");
    expect(shown(93_000, "tiles", 0, 10)).not.toContain("left");
    expect(shown(10_000_000, "tiles", 5, 10)).toContain(", 2.8 h left");
  });
});
