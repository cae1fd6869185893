import type { Random } from "@materiome/core";
import { DEMO } from "./plan.ts";

/** Yield strength in MPa without scatter for a mean lineal intercept in µm: σ₀ + k_y/√d. */
export function hallPetchStrength(grainSizeUm: number): number {
  return DEMO.hallPetch.frictionStressMPa + DEMO.hallPetch.coefficientMPaUm / Math.sqrt(grainSizeUm);
}

/** One tensile test: Hall–Petch with normal scatter of {@link DEMO.hallPetch.testScatterMPa}. */
export function tensileTest(grainSizeUm: number, random: Random): number {
  return hallPetchStrength(grainSizeUm) + DEMO.hallPetch.testScatterMPa * random.normal();
}
