import { DataError, DomainError } from "@materiome/core";
import type { Objective } from "../objective/objective.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { writeSpace } from "../space/spaceJson.ts";
import type { Spec } from "../spec/spec.ts";
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
  /** Of everything random: the same journal gives the same suggestions. */
  readonly seed: number;
  readonly note?: string | undefined;
}

/**
 * Starts a campaign: writes a journal that holds the space, the objectives and the seed. It needs no result to start from.
 *
 * @param path - file to make; an existing one is never overwritten
 * @throws DataError without objectives, with a name used twice or without a direction, or if the file is there already
 * @throws DomainError for a seed that is no whole number from 0
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
  const { space, objectives, constraints = [], seed, note } = definition;
  if (!(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new DomainError(`campaign: the seed must be a whole number from 0, got ${seed}`);
  }
  checkGoals(space, objectives, constraints);
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
      note,
    },
    options,
  );
  return openCampaign(path);
}

/**
 * Checks that objectives and constraints can be told apart from each other and from the settings.
 *
 * @throws DataError
 */
export function checkGoals(space: SearchSpace, objectives: readonly Objective[], constraints: readonly Spec[]): void {
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
