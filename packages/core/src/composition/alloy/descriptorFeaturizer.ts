import type { CompositionFeaturizer } from "../compositionFeaturizer.ts";
import type { Composition } from "../parseFormula.ts";
import { type Alloy, alloyOf } from "./alloy.ts";
import type { ElementTable } from "./elementTable.ts";
import { MIEDEMA_ELEMENTS } from "./miedema.ts";

const MIEDEMA_SOURCE =
  "binary enthalpies of mixing: de Boer et al., Cohesion in Metals, North-Holland (1988), after Takeuchi and Inoue (2005), doi:10.2320/matertrans.46.2817";

/** One number of an alloy: what it needs to know of the elements, and how it is computed. */
export interface Descriptor {
  readonly name: string;
  readonly unit: string;
  readonly citation: string;
  readonly tables: readonly ElementTable[];
  /** True if binary enthalpies of mixing enter. */
  readonly mixes?: boolean | undefined;
  /** Why it has no value for this alloy although all properties are known. */
  undefinedFor?(alloy: Alloy): string | undefined;
  value(alloy: Alloy): number;
}

const miedemaElements: ReadonlySet<string> = new Set(MIEDEMA_ELEMENTS);

/** A featurizer of descriptors; NaN exactly where `missing` gives a reason. */
export function descriptorFeaturizer(name: string, descriptors: readonly Descriptor[]): CompositionFeaturizer {
  const tables = [...new Set(descriptors.flatMap((descriptor) => descriptor.tables))];
  const sources = tables.map((table) => `${table.label}: ${table.source}`);
  if (descriptors.some((descriptor) => descriptor.mixes === true)) sources.push(MIEDEMA_SOURCE);
  return {
    name,
    features: descriptors.map(({ name, unit }) => ({ name, unit })),
    citations: [...new Set([...descriptors.map((descriptor) => descriptor.citation), ...sources])],
    featurize(composition: Composition, out: Float64Array, offset: number): void {
      const alloy = alloyOf(composition);
      for (const [i, descriptor] of descriptors.entries()) {
        const undefinedHere = isKnown(descriptor, alloy) && descriptor.undefinedFor?.(alloy) !== undefined;
        out[offset + i] = undefinedHere ? Number.NaN : descriptor.value(alloy);
      }
    },
    missing(composition: Composition): readonly string[] {
      const alloy = alloyOf(composition);
      const reasons = tables.flatMap((table) =>
        reason(
          `no ${table.label} is known`,
          alloy.symbols.filter((symbol) => !table.values.has(symbol)),
          descriptors.filter((descriptor) => descriptor.tables.includes(table)),
        ),
      );
      if (alloy.symbols.length > 1) {
        const mixing = descriptors.filter((descriptor) => descriptor.mixes === true);
        reasons.push(
          ...reason(
            "no Miedema parameters are known",
            alloy.symbols.filter((symbol) => !miedemaElements.has(symbol)),
            mixing,
          ),
        );
      }
      for (const descriptor of descriptors) {
        if (!isKnown(descriptor, alloy)) continue;
        const why = descriptor.undefinedFor?.(alloy);
        if (why !== undefined) reasons.push(`${descriptor.name} is NaN: ${why}`);
      }
      return reasons;
    },
  };
}

function isKnown(descriptor: Descriptor, alloy: Alloy): boolean {
  const mixable =
    descriptor.mixes !== true ||
    alloy.symbols.length < 2 ||
    alloy.symbols.every((symbol) => miedemaElements.has(symbol));
  return mixable && descriptor.tables.every((table) => alloy.symbols.every((symbol) => table.values.has(symbol)));
}

function reason(what: string, symbols: readonly string[], descriptors: readonly Descriptor[]): string[] {
  if (symbols.length === 0 || descriptors.length === 0) return [];
  const names = descriptors.map((descriptor) => descriptor.name).join(", ");
  return [`${what} for ${symbols.join(", ")}, so these are NaN: ${names}`];
}
