import { createMatrix } from "@materiome/core";
import type { Point } from "../space/points.ts";
import type { FixedInput, SearchSpace, Setting } from "../space/searchSpace.ts";
import type { Variable } from "../space/variable.ts";
import type { Observations } from "../suggest/suggestion.ts";
import { type CampaignState, runsOf } from "./campaignState.ts";
import type { Values } from "./entry.ts";
import { pointOfSettings } from "./pointOfSettings.ts";

/** What a surrogate learns from. */
export interface CampaignObservations {
  /**
   * The space of the campaign, with those fixed inputs as variables in which the experiments differ: other heats, other methods
   * teach, and are not proposed.
   */
  readonly space: SearchSpace;
  /** The values at which such inputs are held. */
  readonly fixed: readonly Setting[];
  readonly observations: Observations;
  /** Experiment of each row. */
  readonly ids: readonly string[];
  /** Runs and pending experiments that cannot be placed in the space, with reasons. */
  readonly leftOut: readonly { readonly id: string; readonly why: string }[];
}

/**
 * Results of a campaign as observations: one row a run (replicates are rows), failed ones marked, pending ones apart.
 * `noiseVariance` is what was told with the results, 0 where nothing was told: learners such as the Gaussian process take it in addition
 * to a noise of all rows, which they learn.
 *
 * @param also - settings at which a suggestion may be wanted: fixed inputs that differ there become variables, too
 */
export function observationsOf(state: CampaignState, ...also: readonly Values[]): CampaignObservations {
  const runs = runsOf(state);
  const waiting = state.experiments.filter(({ status }) => status === "pending");
  const tried = [...[...runs, ...waiting].map(({ settings }) => settings), ...also];
  const { space, fixed } = teachingSpace(state.space, tried);
  const given: Values = Object.fromEntries(fixed.map(({ name, value }) => [name, value]));
  const leftOut: { readonly id: string; readonly why: string }[] = [];
  const placed = <T extends { readonly id: string; readonly settings: Values }>(
    items: readonly T[],
  ): readonly { readonly item: T; readonly point: Point }[] =>
    items.flatMap((item) => {
      const found = pointOfSettings(space, item.settings, given);
      if ("point" in found) return [{ item, point: found.point }];
      leftOut.push({ id: item.id, why: found.why });
      return [];
    });
  const rows = placed(runs);
  const names = state.outcomes.map(({ name }) => name);
  const values = createMatrix(rows.length, names.length);
  const variance = createMatrix(rows.length, names.length);
  for (const [i, { item }] of rows.entries()) {
    for (const [j, name] of names.entries()) {
      values.data[i * names.length + j] = item.outcomes[name] ?? Number.NaN;
      variance.data[i * names.length + j] = (item.noiseStd?.[name] ?? 0) ** 2;
    }
  }
  const isFailed = rows.map(({ item }) => item.status === "failed");
  return {
    space,
    fixed,
    observations: {
      points: rows.map(({ point }) => point),
      values,
      outcomes: names,
      ...(rows.some(({ item }) => item.noiseStd !== undefined) ? { noiseVariance: variance } : {}),
      ...(isFailed.includes(true) ? { failed: Uint8Array.from(isFailed, Number) } : {}),
      pending: placed(waiting).map(({ point }) => point),
    },
    ids: rows.map(({ item }) => item.id),
    leftOut,
  };
}

function teachingSpace(
  space: SearchSpace,
  tried: readonly Values[],
): { readonly space: SearchSpace; readonly fixed: readonly Setting[] } {
  const differing = space.fixed.filter(({ name, value }) =>
    tried.some((settings) => settings[name] !== undefined && settings[name] !== value),
  );
  if (differing.length === 0) return { space, fixed: [] };
  const variables = differing.map((input) =>
    variableOf(
      input,
      tried.flatMap((settings) => settings[input.name] ?? []),
    ),
  );
  return {
    space: {
      ...space,
      variables: [...space.variables, ...variables],
      fixed: space.fixed.filter((input) => !differing.includes(input)),
    },
    fixed: differing.map(({ name, value, unit }) => ({ name, value, unit })),
  };
}

function variableOf(input: FixedInput, seen: readonly (number | string)[]): Variable {
  const { name, role, unit, value, columnKind } = input;
  if (columnKind === "number") {
    const numbers = [value, ...seen].map(Number);
    return {
      kind: "continuous",
      name,
      role,
      unit,
      min: Math.min(...numbers),
      max: Math.max(...numbers),
      scale: "linear",
    };
  }
  const levels = [...new Set([value, ...seen].map(String))];
  return { kind: "category", name, role, unit, columnKind, levels };
}
