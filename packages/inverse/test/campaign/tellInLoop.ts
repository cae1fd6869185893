// Tells results one after the other: a process to be killed, or to tell beside others. Says "ready", and starts when it is told to, so
// that two of them work at the same time. Arguments: journal, name, number of results.
// Not from the index: each process would read the whole package first.
import { openCampaign } from "../../src/campaign/campaign.ts";
import { tellCampaign } from "../../src/campaign/tellCampaign.ts";

const [path = "", name = "", count = "0"] = process.argv.slice(2);
process.stdout.write("ready\n");
await new Promise((resolve) => process.stdin.once("data", resolve));
process.stdin.unref();
for (let i = 1; i <= Number(count); i++) {
  const result = { id: `${name}${i}`, settings: { T: 600, t: 60, medium: "oil" }, outcomes: { HV: i, austenite: 1 } };
  await tellCampaign(openCampaign(path), [result], { at: "2026-11-27T09:30:00.000Z" });
  process.stdout.write(`${i}\n`); // said only after the call returned: from here on the result must never be lost
}
