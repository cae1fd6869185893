import { atomicFractionsFromMass } from "../composition.ts";
import type { Composition } from "../parseFormula.ts";
import { GRADE_DATA } from "./gradeData.ts";

/** Limits of an element in mass percent; no `maximum` where the standard gives a minimum only. */
export interface GradeLimits {
  readonly minimum: number;
  readonly maximum: number | undefined;
}

/** An alloy as a standard defines it. */
export interface Grade {
  readonly name: string;
  /**
   * UNS and EN numbers, EN names, trade names. An EN number beside another standard is of the grade commonly taken to equal
   * this one; its own limits differ a little (1.4404: Mo 2 to 2.5 %, 316L: 2 to 3 %).
   */
  readonly aliases: readonly string[];
  readonly standard: string;
  /** The element that makes up the rest. */
  readonly balance: string;
  /** Limits of the listed elements, in the order of the standard; of the balance element at most a minimum. */
  readonly limits: ReadonlyMap<string, GradeLimits>;
  /**
   * Nominal composition in mass percent, sum 100: the middle of a range, half of a maximum, a minimum as it is; the balance
   * element takes the rest. Where a maximum is no residual (Mn ≤ 1.6 of S355) the half lies below what is made, and so does
   * a minimum (C ≥ 0.15 of 420). An element that the standard leaves open (Si of 1045) is absent.
   */
  readonly nominal: ReadonlyMap<string, number>;
  /** The nominal composition in atomic fractions, as featurizers take it. */
  readonly composition: Composition;
}

/** The grades known, in the order of the table: steels, nickel, cobalt, titanium, aluminium, copper, magnesium, zirconium. */
export const GRADES: readonly Grade[] = GRADE_DATA.trim().split("\n").map(readGrade);

function readGrade(line: string): Grade {
  const [name = "", aliases = "", standard = "", balance = "", text = ""] = line.split("|");
  const limits = new Map(text.split(" ").map(readLimits));
  const nominal = new Map<string, number>();
  let rest = 100;
  for (const [symbol, { minimum, maximum }] of limits) {
    if (symbol === balance) continue;
    const amount = maximum === undefined ? minimum : (minimum + maximum) / 2;
    nominal.set(symbol, rounded(amount));
    rest -= amount;
  }
  const composition = new Map([[balance, rounded(rest)], ...nominal]);
  return {
    name,
    aliases: aliases === "" ? [] : aliases.split(","),
    standard,
    balance,
    limits,
    nominal: composition,
    composition: atomicFractionsFromMass(composition),
  };
}

/** Without the last digits that sums of decimal fractions leave. */
function rounded(percent: number): number {
  return Number(percent.toFixed(9));
}

/** `Cr16-18`, `C<=0.03`, `S>=0.15`; a line that is none of them cannot pass, the table is checked when it is loaded. */
function readLimits(text: string): [string, GradeLimits] {
  const found = /^([A-Z][a-z]?)(?:([\d.]+)-([\d.]+)|<=([\d.]+)|>=([\d.]+))$/.exec(text);
  if (found === null) throw new Error(`gradeData: "${text}" is no limit`);
  const [, symbol = "", low, high, most, least] = found;
  if (most !== undefined) return [symbol, { minimum: 0, maximum: Number(most) }];
  if (least !== undefined) return [symbol, { minimum: Number(least), maximum: undefined }];
  return [symbol, { minimum: Number(low), maximum: Number(high) }];
}
