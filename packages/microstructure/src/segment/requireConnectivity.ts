import { DomainError } from "@materiome/core";

/** 4 or 8, or an error that begins with the caller's name. */
export function requireConnectivity(caller: string, connectivity: number): 4 | 8 {
  if (connectivity === 4 || connectivity === 8) return connectivity;
  throw new DomainError(`${caller}: connectivity must be 4 or 8, got ${connectivity}`);
}
