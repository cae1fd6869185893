import { spawn } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { withLock } from "../../src/campaign/lockFile.ts";
import { isSameStart, ownStart, processStart } from "../../src/campaign/processStart.ts";
import { acceptEdits, createCampaign, openCampaign, readJournal, tellCampaign } from "../../src/index.ts";
import { AT, DEFINITION, journalPath, NO_LIMIT, newCampaign, settings } from "./campaigns.ts";

const LOADER = fileURLToPath(new URL("../../../../tools/testing/register-typescript.mjs", import.meta.url));
const LOOP = fileURLToPath(new URL("./tellInLoop.ts", import.meta.url));

function tellInLoop(path: string, name: string, count: number): ReturnType<typeof spawn> {
  const args = ["--import", LOADER, "--conditions=@materiome/source", LOOP, path, name, String(count)];
  return spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

/** Starts the processes once all are ready; the last number that each said. */
async function lastSaid(
  children: readonly ReturnType<typeof spawn>[],
  onNumber?: (n: number, child: ReturnType<typeof spawn>) => void,
): Promise<number[]> {
  const texts = children.map(() => "");
  const last = (i: number): number => Number(texts[i]?.trimEnd().split("\n").at(-1));
  const ended = children.map((child) => new Promise((resolve) => child.on("close", resolve)));
  const ready = children.map(
    (child, i) =>
      new Promise((resolve) =>
        child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
          texts[i] += chunk;
          resolve(undefined);
          if (Number.isFinite(last(i))) onNumber?.(last(i), child);
        }),
      ),
  );
  await Promise.all(ready);
  for (const child of children) child.stdin?.write("go\n");
  await Promise.all(ended);
  return texts.map((_, i) => last(i));
}

async function threeResults(): Promise<string> {
  const campaign = await newCampaign();
  for (const HV of [300, 310, 320]) {
    await tellCampaign(campaign, [{ settings: settings(HV + 250), outcomes: { HV, austenite: 1 } }], AT);
  }
  return campaign.path;
}

describe("journal", () => {
  it("is text that a person can read: one field a line, one result a line", async () => {
    const path = await threeResults();
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^\{\n {2}"n": 1,\n {2}"at": "2026-11-27T09:30:00.000Z",\n {2}"kind": "start",\n/);
    expect(text).toContain('"objectives": [{ "name": "HV", "unit": "HV", "direction": "maximize" }]');
    expect(text).toMatch(
      /\{ "id": "T1", "status": "ok", "settings": \{ "T": 550, .* "outcomes": \{ "HV": 300, .* \} \}/,
    );
    expect(readJournal(path)).toMatchObject({ edits: [], tail: undefined, length: text.length });
  });

  it("keeps every result that was told when the process is killed at any instant", async () => {
    const { path } = await newCampaign();
    const [said = 0] = await lastSaid([tellInLoop(path, "run", 100_000)], (n, child) => {
      // Microseconds into some later write, wherever it stands then.
      if (n > 8 && Math.sin(n * 12.9898) > 0.7) child.kill("SIGKILL");
    });
    const { state } = openCampaign(path);
    const ids = state.experiments.map(({ id }) => id);
    expect(said).toBeGreaterThan(8);
    expect(ids.slice(0, said)).toEqual(Array.from({ length: said }, (_, i) => `run${i + 1}`));
    // The lock of the dead process is no obstacle, and the journal goes on.
    const { campaign } = await tellCampaign(
      openCampaign(path),
      [{ id: "after", settings: settings(600), outcomes: { HV: 1 } }],
      AT,
    );
    expect(campaign.state.experiments.at(-1)?.id).toBe("after");
    expect(campaign.warnings).toEqual([]);
  });

  it("loses nothing when two processes tell at once", async () => {
    const { path } = await newCampaign();
    const said = await lastSaid(["a", "b"].map((name) => tellInLoop(path, name, 15)));
    expect(said).toEqual([15, 15]);
    const ids = openCampaign(path).state.experiments.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith("a"))).toHaveLength(15);
    expect(ids.filter((id) => id.startsWith("b"))).toHaveLength(15);
    expect(readJournal(path).edits).toEqual([]);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it("recovers to the last whole entry wherever the text is cut, says so, and keeps the fragment", async () => {
    const path = await threeResults();
    const text = readFileSync(path, "utf8");
    const last = text.lastIndexOf("\n{") + 1;
    for (let cut = last + 1; cut < text.length - 2; cut += 37) {
      writeFileSync(path, text.slice(0, cut));
      const { state, warnings } = openCampaign(path);
      expect(state.experiments.map(({ id }) => id)).toEqual(["T1", "T2"]);
      expect(warnings.join()).toContain("everything up to entry 3");
    }
    const { tail } = readJournal(path);
    const { campaign } = await tellCampaign(
      openCampaign(path),
      [{ settings: settings(570), outcomes: { HV: 320 } }],
      AT,
    );
    expect(campaign).toMatchObject({ warnings: [], state: { nEntries: 5 } });
    expect(readJournal(path).entries.at(3)).toMatchObject({ kind: "repair", dropped: tail });
  });

  it("does not mind a lost newline at the end, zeros after it, other line ends, or another layout", async () => {
    const path = await threeResults();
    const text = readFileSync(path, "utf8");
    const laidOut = text
      .split(/(?<=^\}\n)/m)
      .map((entry) => JSON.stringify(JSON.parse(entry), null, 4))
      .join("\n\n");
    for (const variant of [
      text.trimEnd(),
      `${text}${"\0".repeat(5000)}`,
      text.replaceAll("\n", "\r\n"),
      `\uFEFF${text}`,
      laidOut,
    ]) {
      writeFileSync(path, variant);
      const { warnings } = openCampaign(path);
      const told = await tellCampaign(openCampaign(path), [{ settings: settings(575), outcomes: { HV: 330 } }], AT);
      expect(warnings).toEqual([]);
      expect(told.campaign.state.experiments).toHaveLength(4);
      expect(readFileSync(path, "utf8")).not.toContain("\0");
    }
  });

  it.each([
    [
      "a changed value",
      (text: string) => text.replace('"HV": 310', '"HV": 360'),
      /entry 3 \(line \d+\) does not fit its checksum/,
      3,
    ],
    [
      "a removed entry",
      (text: string) => text.replace(/^\{\n {2}"n": 3,[\s\S]*?^\}\n/m, ""),
      /entry 4 \(line \d+\) follows entry 2/,
      2,
    ],
    [
      "an added entry",
      (text: string) => `${text}{ "n": 5, "at": "2026-11-28", "kind": "tell", "results": [] }\n`,
      "has no checksum",
      3,
    ],
    ["a changed last entry", (text: string) => text.replace('"HV": 320', '"HV": 360'), "entry 4", 3],
  ])("%s is found and refused, and taken once a person accepts it", async (_, edit, says, n) => {
    const path = await threeResults();
    const opened = openCampaign(path);
    writeFileSync(path, edit(readFileSync(path, "utf8")));
    expect(() => openCampaign(path)).toThrow(says);
    expect(() => openCampaign(path)).toThrow("accept it");
    const before = readFileSync(path, "utf8");
    const one = [{ settings: settings(600), outcomes: { HV: 1 } }];
    await expect(tellCampaign(opened, one, AT)).rejects.toThrow(says);
    expect(readFileSync(path, "utf8")).toBe(before);
    const { campaign, accepted } = await acceptEdits(path, AT);
    expect(accepted).toHaveLength(1);
    expect(campaign.state.experiments).toHaveLength(n);
    const { nTold } = await tellCampaign(campaign, one, AT);
    expect(nTold).toBe(1);
    expect(await acceptEdits(path, AT)).toMatchObject({ accepted: [] });
    // An edit after the acceptance is found again.
    writeFileSync(path, readFileSync(path, "utf8").replace('"HV": 300', '"HV": 301'));
    expect(() => openCampaign(path)).toThrow("entry 2");
  });

  it("damage before the last entry is an error that names the line", async () => {
    const path = await threeResults();
    writeFileSync(path, readFileSync(path, "utf8").replace('"HV": 310', '"HV" 310'));
    expect(() => openCampaign(path)).toThrow(/trials\.journal: the entry that begins in line \d+ .* others follow/);
  });

  it.each([
    ["another file", "T,HV\n600,300\n", "no campaign journal"],
    ["nothing", "", "does not start a campaign"],
    [
      "a newer version",
      '{ "n": 1, "at": "x", "kind": "start", "format": "materiome-campaign", "version": 2 }',
      "version",
    ],
  ])("%s is no journal", (_, text, says) => {
    const path = journalPath();
    writeFileSync(path, text);
    expect(() => openCampaign(path)).toThrow(says);
  });

  it("is never overwritten, and a missing one is said to be missing", async () => {
    const { path } = await newCampaign();
    await expect(createCampaign(path, DEFINITION, AT)).rejects.toThrow("never overwritten");
    expect(() => openCampaign(`${path}x`)).toThrow("no such journal");
  });

  it("reading a journal costs nothing that grows faster than its length", async () => {
    const campaign = await newCampaign(NO_LIMIT);
    const many = Array.from({ length: 500 }, (_, i) => ({ settings: settings(500 + i / 4), outcomes: { HV: i } }));
    await tellCampaign(campaign, many, AT);
    expect(readFileSync(campaign.path, "utf8").length).toBeLessThan(80_000);
    expect(openCampaign(campaign.path).state.experiments).toHaveLength(500);
  });
});

describe("processStart", () => {
  it("asks PowerShell on Windows, whose answer and a process's own clock differ by little", () => {
    const asked: string[] = [];
    const start = processStart(4711, "/proc", "win32", (program, args) => {
      asked.push(program, args.at(-1) ?? "");
      return "1795771800123";
    });
    expect(asked.join(" ")).toMatch(/^powershell\.exe .*Get-Process -Id 4711/);
    expect(start).toBe("ms 1795771800123");
    expect(isSameStart("ms 1795771800123", "ms 1795771801900")).toBe(true);
    expect(isSameStart("ms 1795771800123", "ms 1795771830123")).toBe(false);
    expect(isSameStart("boot 17", "boot 18")).toBe(false);
    // No such process, or another user's.
    expect(processStart(4711, "/proc", "win32", () => "")).toBeUndefined();
    const failing = (): never => {
      throw new Error("no PowerShell");
    };
    expect(processStart(4711, "/proc", "win32", failing)).toBeUndefined();
    expect(ownStart()).toBe(processStart(process.pid));
  });

  it.each([
    ["the process file system", "/proc"],
    ["ps, where there is none", "/nowhere"],
  ])("is one text for one process, and none for no process, by %s", async (_, proc) => {
    const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"]);
    const own = processStart(process.pid, proc);
    expect(own).toMatch(/\d/);
    expect(processStart(process.pid, proc)).toBe(own);
    expect(processStart(child.pid as number, proc)).toMatch(/\d/);
    // Of the process that came first: the parent of this one may have started in the same second, which is what ps tells.
    expect(processStart(1, proc)).not.toBe(own);
    child.kill();
    await new Promise((resolve) => child.on("close", resolve));
    expect(processStart(child.pid as number, proc)).toBeUndefined();
  });
});

describe("lock", () => {
  it("of a living process is waited for, and named when it stays", async () => {
    const path = journalPath();
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.pid, host: hostname() }));
    await expect(withLock(path, () => 1, { timeoutMs: 40 })).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: 1, host: "elsewhere" }));
    await expect(withLock(path, () => 1, { timeoutMs: 40 })).rejects.toThrow("process 1 on elsewhere");
    const start = processStart(process.pid);
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), start }));
    await expect(withLock(path, () => 1, { timeoutMs: 40 })).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
    appendFileSync(`${path}.lock`, "x");
    await expect(withLock(path, () => 1, { timeoutMs: 40 })).rejects.toThrow("another process");
  });

  it("of a dead process goes, and so does one that stays empty", async () => {
    const path = journalPath();
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.on("close", resolve));
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: child.pid, host: hostname() }));
    expect(await withLock(path, () => 1)).toBe(1);
    // A number that another process has by now, told from it by when that one started.
    writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), start: "an earlier boot 17" }));
    expect(await withLock(path, () => 3)).toBe(3);
    writeFileSync(`${path}.lock`, "");
    expect(await withLock(path, () => 2, { timeoutMs: 3000 })).toBe(2);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });
});
