import { violationsOf } from "../space/violations.ts";
import type { CampaignState } from "./campaignState.ts";
import { pointOfSettings } from "./pointOfSettings.ts";

/**
 * Open suggestions that the space does not allow any more, since bounds, levels, constraints or what is given were changed, each with the reason: they
 * count as being tried until they are told, as `withdrawn` where nobody will. What was asked for with another given on purpose (`fixed` of `askCampaign`, a version of
 * the experiment) is none of them.
 */
export function openOutside({
  space,
  experiments,
  asks,
  fidelity,
}: CampaignState): readonly { readonly id: string; readonly why: string }[] {
  const held = new Map(asks.map(({ n, fixed = {} }) => [n, fixed]));
  const versions = Object.keys(fidelity?.costs ?? {});
  return experiments.flatMap(({ id, status, settings, asked }) => {
    if (status !== "pending") return [];
    const isMeant = (name: string): boolean =>
      held.get(asked?.entry ?? 0)?.[name] !== undefined ||
      (name === fidelity?.name && versions.includes(String(settings[name])));
    const other = space.fixed.find(({ name, value }) => (settings[name] ?? value) !== value && !isMeant(name));
    if (other !== undefined) return [{ id, why: `${other.name} = ${settings[other.name]}, now ${other.value}` }];
    const found = pointOfSettings(space, settings);
    const why = "missing" in found ? found.why : violationsOf(space, found.point).join("; ");
    return why === "" ? [] : [{ id, why }];
  });
}
