import { fitNeighbourDomain, type NeighbourDomain } from "@materiome/forward";
import type { Session } from "../terminal/session.ts";
import type { PreparedImages } from "./prepareImages.ts";
import type { ImageRole } from "./splitSamples.ts";
import type { TrainedImageNet } from "./trainImageNet.ts";

/** Fewer say nothing of how far images like those learned from may lie. */
const LEAST = 5;
/** More images learned from would make the model large; evenly spaced ones are kept. */
const MOST = 2000;

/** What the network takes for images like those that it learned from; undefined where too few chose the epoch. */
export async function imageDomain(
  { network }: TrainedImageNet,
  { images }: PreparedImages,
  roles: readonly ImageRole[],
  session: Session,
): Promise<NeighbourDomain | undefined> {
  const of = (role: ImageRole) => images.filter((_, i) => roles[i] === role);
  const [all, heldOut] = [of("train"), of("validation")];
  if (heldOut.length < LEAST) return undefined;
  const step = Math.max(1, all.length / MOST);
  const training = Array.from({ length: Math.floor(all.length / step) }, (_, k) => all[Math.floor(k * step)]!); // below length
  const run = { threads: session.threads, signal: session.signal };
  return fitNeighbourDomain(await network.features(training, run), await network.features(heldOut, run));
}
