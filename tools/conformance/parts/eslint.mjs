/** graphql-eslint over the exported schema: schema-recommended and schema-relay. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import graphqlPlugin from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { check, finish, note } from "../lib/part.mjs";
import { QUESTLINE } from "../lib/service.mjs";

const HOME = fileURLToPath(new URL("../build/eslint/", import.meta.url));
const FILE = `${HOME}schema.graphql`;

mkdirSync(HOME, { recursive: true });
writeFileSync(FILE, execFileSync(QUESTLINE, ["schema", "export"]));

async function violations(name, changes) {
  const { rules } = graphqlPlugin.configs[`flat/${name}`];
  const eslint = new ESLint({
    cwd: HOME,
    overrideConfigFile: true,
    overrideConfig: {
      files: ["**/*.graphql"],
      plugins: { "@graphql-eslint": graphqlPlugin },
      languageOptions: {
        parser: graphqlPlugin.parser,
        parserOptions: { graphQLConfig: { schema: FILE } },
      },
      rules: { ...rules, ...changes },
    },
  });
  const [{ messages }] = await eslint.lintFiles([FILE]);
  const lines = readFileSync(FILE, "utf8").split("\n");
  const excepted = ({ line, messageId }) =>
    messageId === "MESSAGE_SHOULD_IMPLEMENTS_NODE" &&
    EDGES_OF_VALUES.some((name) => lines[line - 1] === `type ${name} {`);
  return messages
    .filter((message) => !excepted(message))
    .map(({ line, ruleId, message }) => `${line}: ${ruleId ?? "parser"}: ${message}`);
}

/** Values that live inside what holds them: nothing could be found again by an id of theirs. */
const VALUES = [
  "AuditEntry",
  "Award",
  "FocusLibraryChange",
  "FocusSessionChange",
  "FocusStats",
  "FocusStatsPart",
  "Gamification",
  "GoalChange",
  "HabitChange",
  "HabitDay",
  "HabitStats",
  "LedgerComparison",
  "LevelUp",
  "NewSession",
  "NextAchievement",
  "PageInfo",
  "QuestChange",
  "StreakCount",
  "UnlockedAchievement",
  // Its id is `userId`: what staff sees of an account is not the `User` that `node` gives.
  "UserAccount",
  "Viewer",
  "WalletChange",
];

/** What is set otherwise than the presets have it, with the reason. */
const CHANGES = {
  "schema-recommended": {
    "@graphql-eslint/strict-id-in-types": {
      options: {
        acceptedIdNames: ["id"],
        acceptedIdTypes: ["ID"],
        exceptions: { types: VALUES, suffixes: ["Payload", "Connection", "Edge", "Error"] },
      },
      why: "payloads, pages, errors and named values have no identity; every other type has",
    },
  },
  "schema-relay": {
    "@graphql-eslint/relay-edge-types": {
      options: {
        // Bounded lists (errors, streaks, roles) and the shortcut `nodes` are plain lists.
        listTypeCanWrapOnlyEdgeType: false,
      },
      why: "bounded lists are plain",
    },
  },
};

/** Edges of the two lists that only staff reads; what they hold is not found by `node`. */
const EDGES_OF_VALUES = ["AuditEntryEdge", "UserAccountEdge"];

for (const [name, changes] of Object.entries(CHANGES)) {
  await check(`${name}: no violations`, async () => {
    const rules = Object.entries(changes).map(([rule, { options }]) => [rule, ["error", options]]);
    const found = await violations(name, Object.fromEntries(rules));
    if (found.length > 0) throw new Error(`${found.length} violations\n${found.join("\n")}`);
  });
  if (name === "schema-relay") note(`${EDGES_OF_VALUES.join(", ")}: staff's lists of values`);
  for (const [rule, { why }] of Object.entries(changes)) note(`${rule}: ${why}`);
}

await check("every exception is still needed", async () => {
  const text = readFileSync(FILE, "utf8");
  const missing = [...VALUES, ...EDGES_OF_VALUES].filter(
    (name) => !text.includes(`\ntype ${name} {`),
  );
  if (missing.length > 0) throw new Error(`not in the schema, or a node by now: ${missing}`);
});
finish();
