// The program as `bin/materiome.js` starts it, but from its sources.
import { main } from "../../src/main.ts";

await main(process.argv);
