import { DataError, DomainError } from "@materiome/core";
import type { Fidelity } from "../objective/fidelity.ts";
import type { Objective } from "../objective/objective.ts";
import { checkFeasible } from "../space/checkFeasible.ts";
import { createSpace } from "../space/createSpace.ts";
import { requireLimits } from "../space/requireLimits.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { writeSpace } from "../space/spaceJson.ts";
import { limitsOf } from "../spec/limits.ts";
import type { Spec } from "../spec/spec.ts";
import { disturbedVariables } from "../suggest/disturbance.ts";
import { MOST_FOR_BOXES } from "../suggest/frontSearch.ts";
import type { Disturbance } from "../suggest/options.ts";
import { type Campaign, openCampaign } from "./campaign.ts";
import { outcomesOf } from "./campaignState.ts";
import { createJournal, type JournalWriteOptions } from "./journalFile.ts";

/** What a campaign searches, and what for. */
export interface CampaignDefinition {
  readonly space: SearchSpace;
  /** At least one, each with its direction. */
  readonly objectives: readonly Objective[];
  /** Limits on outcomes. @defaultValue none */
  readonly constraints?: readonly Spec[] | undefined;
  /**
   * Versions of the experiment and what they cost: `name` is an input that the space gives (fixed), at the version that counts; each suggestion is
   * for the version that gains most per cost. @defaultValue one version
   */
  readonly fidelity?: Fidelity | undefined;
  /**
   * How settings scatter when they are run (a furnace misses its temperature): from then on suggestions are for the best mean, or the best worst
   * case, of the one objective under it. @defaultValue settings are met exactly
   */
  readonly disturbance?: Disturbance | undefined;
  /** Of everything random: the same journal gives the same suggestions. */
  readonly seed: number;
  readonly note?: string | undefined;
}

/**
 * Starts a campaign: writes a journal that holds the space, the objectives and the seed. It needs no result to start from.
 *
 * @param path - file to make; an existing one is never overwritten
 * @throws DataError without objectives, with a name used twice or without a direction, or if the file is there already
 * @throws InfeasibleError for constraints on one outcome that exclude each other
 * @throws DomainError for a seed that is no whole number from 0
 * @throws DataError, DomainError for a disturbance of what cannot scatter, of the worst cases of more than four objectives, or beside fidelities
 * @example
 * const campaign = await createCampaign("trials.journal", {
 *   space, objectives: [{ name: "Hardness", unit: "HV", direction: "maximize" }], seed: 1,
 * }, { at: new Date().toISOString() });
 */
export async function createCampaign(
  path: string,
  definition: CampaignDefinition,
  options: JournalWriteOptions,
): Promise<Campaign> {
  const { space, objectives, constraints = [], fidelity, disturbance, seed, note } = definition;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new DomainError(`campaign: the seed must be a whole number from 0, got ${seed}`);
  }
  checkGoals(space, objectives, constraints);
  if (fidelity !== undefined) checkFidelity(space, objectives, fidelity);
  if (disturbance !== undefined) checkDisturbance(disturbance, { space, objectives, fidelity });
  await createJournal(
    path,
    {
      kind: "start",
      format: "materiome-campaign",
      version: 1,
      seed,
      space: writeSpace(space),
      objectives,
      constraints,
      ...(fidelity === undefined ? {} : { fidelity }),
      ...(disturbance === undefined ? {} : { disturbance }),
      note,
    },
    options,
  );
  return openCampaign(path);
}

function checkFidelity(space: SearchSpace, objectives: readonly Objective[], { name, costs }: Fidelity): void {
  const input = space.fixed.find((one) => one.name === name);
  const levels = Object.keys(costs);
  if (input === undefined) {
    throw new DataError(
      `fidelity "${name}": it is not given; fix it at the version that counts, as in "${name}=${levels[0] ?? "experiment"}"`,
    );
  }
  if (levels.length < 2 || !levels.includes(String(input.value))) {
    throw new DataError(
      `fidelity "${name}": costs of at least two versions are needed, "${input.value}" (which counts) among them; got ${levels.join(", ") || "none"}`,
    );
  }
  const stray = Object.entries(costs).find(([, cost]) => !(cost > 0 && Number.isFinite(cost)));
  if (stray !== undefined) {
    throw new DomainError(`fidelity "${name}": the cost of "${stray[0]}" must be above 0, got ${stray[1]}`);
  }
  if (objectives.length > MOST_FOR_BOXES) {
    throw new DataError(
      `fidelity "${name}": versions are weighed by the hypervolume that they gain, for up to ${MOST_FOR_BOXES} objectives, got ${objectives.length}; leave it out and ask for a version by fixing it, or take fewer objectives`,
    );
  }
}

/**
 * Checks that settings may scatter so in a campaign.
 *
 * @throws DataError, DomainError
 */
export function checkDisturbance(
  disturbance: Disturbance,
  { space, objectives, fidelity }: Pick<CampaignDefinition, "space" | "objectives" | "fidelity">,
): void {
  disturbedVariables(space, disturbance);
  if (objectives.length > MOST_FOR_BOXES && disturbance.counts === "worst") {
    throw new DataError(
      `scatter of settings: the worst cases are weighed for up to ${MOST_FOR_BOXES} objectives, got ${objectives.length}; take the mean, or fewer objectives`,
    );
  }
  if (fidelity !== undefined) {
    throw new DataError(
      `scatter of settings: versions of an experiment ("${fidelity.name}") are weighed at the settings as asked for; leave one of the two out`,
    );
  }
}

/**
 * Checks that the space holds anything at all, and that objectives and constraints can be told apart from each other and from the settings, and be
 * met together.
 *
 * @throws DataError; InfeasibleError for sums and constraints of the space, or constraints on one outcome, that exclude each other
 */
export function checkGoals(space: SearchSpace, objectives: readonly Objective[], constraints: readonly Spec[]): void {
  requireLimits(space);
  checkFeasible(createSpace(space));
  if (objectives.length === 0) {
    throw new DataError("campaign: without an objective there is nothing to get better at; name one and its direction");
  }
  for (const [i, { name, direction }] of objectives.entries()) {
    if (direction !== "maximize" && direction !== "minimize") {
      throw new DataError(
        `objective "${name}": say in which direction it is better: maximize or minimize, got ${JSON.stringify(direction) ?? "nothing"}`,
      );
    }
    if (objectives.findIndex((other) => other.name === name) !== i) {
      throw new DataError(`objective "${name}" is given twice; give it once`);
    }
  }
  const outcomes = outcomesOf(objectives, constraints);
  limitsOf(
    constraints,
    outcomes.map(({ name }) => name),
  );
  for (const { target, unit } of constraints) {
    const own = outcomes.find(({ name }) => name === target);
    if (own !== undefined && own.unit !== unit) {
      throw new DataError(
        `constraint on "${target}": in ${unit || "no unit"}, elsewhere in ${own.unit || "no unit"}; use one`,
      );
    }
  }
  const inputs = [...space.variables, ...space.fixed].map(({ name }) => name);
  const both = outcomes.find(({ name }) => inputs.includes(name));
  if (both !== undefined) throw new DataError(`"${both.name}" is both a setting and an outcome; name them apart`);
}
