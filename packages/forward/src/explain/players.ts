import { DomainError, type Feature } from "@materiome/core";

/** Features that are known or unknown together and share one contribution, for example all that came from one column. */
export interface Player {
  readonly name: string;
  readonly features: readonly number[];
}

/** Player of each feature; every feature its own player where none are given. */
export interface PlayerOf {
  readonly names: readonly string[];
  readonly ofFeature: Int32Array;
}

/** @throws DomainError unless every feature belongs to exactly one player */
export function playersOf(
  caller: string,
  features: readonly Feature[],
  players: readonly Player[] | undefined,
): PlayerOf {
  if (players === undefined) {
    return { names: features.map(({ name }) => name), ofFeature: Int32Array.from(features.keys()) };
  }
  const ofFeature = new Int32Array(features.length).fill(-1);
  for (const [p, player] of players.entries()) {
    for (const f of player.features) {
      const before = ofFeature[f];
      if (before === undefined) {
        throw new DomainError(`${caller}: player "${player.name}" names feature ${f} of ${features.length}`);
      }
      if (before >= 0) {
        throw new DomainError(
          `${caller}: feature "${features[f]?.name}" belongs to "${players[before]?.name}" and to "${player.name}"; give each feature one player`,
        );
      }
      ofFeature[f] = p;
    }
  }
  const left = ofFeature.indexOf(-1);
  if (left >= 0) throw new DomainError(`${caller}: feature "${features[left]?.name}" belongs to no player`);
  return { names: players.map(({ name }) => name), ofFeature };
}
