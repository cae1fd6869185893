import type { Random } from "@materiome/core";
import { type ResolvedAugmentation, STEP_RULES } from "./augmentation.ts";
import { elasticDisplacement } from "./elasticDisplacement.ts";
import { drawFrom } from "./range.ts";
import type { Warp } from "./warpPatch.ts";

/** Draws the geometric steps of a plan for a patch of the given size, as one warp. Each step has a stream of its own. */
export function drawWarp(plan: ResolvedAugmentation, width: number, height: number, random: Random): Warp {
  let matrix: Warp["matrix"] = [1, 0, 0, 1];
  // Source = M_scale · M_rotate · M_turn · M_flip: the picture is scaled first and mirrored last.
  if (plan.flip !== undefined) {
    const stream = random.fork("flip");
    if (stream.next() < plan.flip.probability) {
      matrix = [stream.next() < 0.5 ? -1 : 1, 0, 0, stream.next() < 0.5 ? -1 : 1];
    }
  }
  if (plan.turn !== undefined) {
    const stream = random.fork("turn");
    if (stream.next() < plan.turn.probability) {
      for (let quarters = stream.int(4); quarters > 0; quarters--) matrix = multiply([0, -1, 1, 0], matrix);
    }
  }
  if (plan.rotate !== undefined) {
    const stream = random.fork("rotate");
    if (stream.next() < plan.rotate.probability) {
      const angle = (drawFrom(plan.rotate.angleDeg, stream) * Math.PI) / 180;
      // A picture that turns counter-clockwise on the screen takes its pixels from clockwise; y points down.
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      matrix = multiply([c, -s, s, c], matrix);
    }
  }
  if (plan.scale !== undefined) {
    const stream = random.fork("scale");
    if (stream.next() < plan.scale.probability) {
      const factor = drawFrom(plan.scale.factor, stream, STEP_RULES.scale.factor.isLogarithmic);
      const stretch = Math.sqrt(drawFrom(plan.scale.stretch, stream, STEP_RULES.scale.stretch.isLogarithmic));
      matrix = multiply([1 / (factor * stretch), 0, 0, stretch / factor], matrix);
    }
  }
  if (plan.elastic === undefined) return { matrix };
  const stream = random.fork("elastic");
  if (stream.next() >= plan.elastic.probability) return { matrix };
  const field = {
    amplitudePx: drawFrom(plan.elastic.amplitudePx, stream),
    smoothnessPx: drawFrom(plan.elastic.smoothnessPx, stream),
  };
  return { matrix, displacement: elasticDisplacement(width, height, field, stream) };
}

function multiply([a, b, c, d]: Warp["matrix"], [e, f, g, h]: Warp["matrix"]): Warp["matrix"] {
  return [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
}
