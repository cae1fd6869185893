import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import {
  type Campaign,
  type CampaignDefinition,
  createCampaign,
  type NewResult,
  tellCampaign,
} from "../../src/index.ts";
import { exactProcess } from "../exactProcess.ts";

export const AT = { at: "2026-11-27T09:30:00.000Z" };

/** A furnace with two numbers and a choice. */
export const DEFINITION: CampaignDefinition = {
  space: {
    variables: [
      { kind: "continuous", name: "T", role: "process", unit: "degC", min: 500, max: 700, step: 5, scale: "linear" },
      { kind: "continuous", name: "t", role: "process", unit: "min", min: 10, max: 240, scale: "log" },
      { kind: "category", name: "medium", role: "process", unit: "", columnKind: "category", levels: ["oil", "water"] },
    ],
    fixed: [{ name: "C", role: "composition", unit: "wt%", columnKind: "number", value: 0.4, why: "fixed" }],
    sums: [],
  },
  objectives: [{ name: "HV", unit: "HV", direction: "maximize" }],
  constraints: [{ target: "austenite", unit: "%", relation: "<=", high: 5 }],
  seed: 7,
};

/** Path in a folder of the running test, removed when the test is over. */
export function journalPath(name = "trials.journal"): string {
  const folder = mkdtempSync(join(tmpdir(), "materiome-campaign-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

export function newCampaign(definition: Partial<CampaignDefinition> = {}): Promise<Campaign> {
  return createCampaign(journalPath(), { ...DEFINITION, ...definition }, AT);
}

/** Settings of an experiment that nobody asked for. */
export function settings(T: number, t = 60, medium = "oil"): Readonly<Record<string, number | string>> {
  return { T, t, medium };
}

/** Asks by a process without noise. */
export const ASK = { ...AT, learner: exactProcess() };
export const NO_LIMIT = { constraints: [] };

/** A hill of hardness. */
export function result(T: number, t: number, medium: string): NewResult {
  const HV = 500 - ((T - 610) / 20) ** 2 - 20 * Math.log10(t / 60) ** 2 + (medium === "water" ? 20 : 0);
  return { settings: { T, t, medium }, outcomes: { HV } };
}

/** Six results, two of them outside the space. */
export async function sixTold(definition: Partial<CampaignDefinition> = NO_LIMIT): Promise<Campaign> {
  const points = [
    [500, 20, "oil"],
    [600, 60, "water"],
    [690, 200, "oil"],
    [550, 100, "water"],
    [450, 60, "oil"],
    [640, 400, "water"],
  ] as const;
  const { campaign } = await tellCampaign(
    await newCampaign(definition),
    points.map(([T, t, medium]) => result(T, t, medium)),
    AT,
  );
  return campaign;
}
