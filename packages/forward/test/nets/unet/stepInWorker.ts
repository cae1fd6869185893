import { createRandom } from "@materiome/core";
import type { StepResult } from "../../../src/nets/training/trainNetwork.ts";
import { createUNetTask, type UNetTaskSettings } from "../../../src/nets/unet/unetTask.ts";
import { disks } from "./disks.ts";

export function stepInWorker(settings: UNetTaskSettings): Promise<StepResult> {
  const source = disks(1, 1, { side: 4, batch: 1 });
  const task = createUNetTask("test", settings, source, source, { random: createRandom(5), threads: 1 });
  return task.step(task.parameters, 0, 0);
}
