import type { Agitation, QuenchMedium } from "./step.ts";

/** Where the values of {@link quenchSeverity} come from. */
export const QUENCH_SEVERITY_SOURCE: string = "Grossmann, Elements of Hardenability, ASM, Cleveland 1952";

/** Severity range, 1/in. */
const SEVERITY: Readonly<
  Partial<Record<QuenchMedium, Readonly<Partial<Record<Agitation, readonly [number, number]>>>>>
> = {
  air: { none: [0.02, 0.02] },
  oil: {
    none: [0.25, 0.3],
    mild: [0.3, 0.35],
    moderate: [0.35, 0.4],
    good: [0.4, 0.5],
    strong: [0.5, 0.8],
    violent: [0.8, 1.1],
  },
  water: {
    none: [0.9, 1.0],
    mild: [1.0, 1.1],
    moderate: [1.2, 1.3],
    good: [1.4, 1.5],
    strong: [1.6, 2.0],
    violent: [4, 4],
  },
  brine: { none: [2, 2], mild: [2.0, 2.2], violent: [5, 5] },
};

/**
 * Grossmann's severity of quench, H = h/(2k), 1/in: lower and upper value of the table. Undefined where the table has
 * none (polymer, salt, gas, …: they depend on concentration and pressure, so measure and state `severityPerIn`).
 *
 * @see Grossmann, Elements of Hardenability, ASM, Cleveland 1952
 * @example
 * quenchSeverity("oil", "moderate"); // { low: 0.35, high: 0.4 }
 */
export function quenchSeverity(
  medium: QuenchMedium,
  agitation: Agitation,
): { readonly low: number; readonly high: number } | undefined {
  const range = SEVERITY[medium]?.[agitation];
  return range === undefined ? undefined : { low: range[0], high: range[1] };
}
