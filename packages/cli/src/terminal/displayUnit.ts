export { displayUnit } from "@materiome/core";
