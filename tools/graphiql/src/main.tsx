/** Starts GraphiQL with the configuration that the server wrote into the page. */
import "./workers";
// Also brings Monaco's style sheets into ours: GraphiQL itself loads Monaco lazily.
import "monaco-graphql/esm/monaco-editor.js";
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "@graphiql/plugin-explorer/style.css";
import "@graphiql/plugin-history/style.css";
import "graphiql/graphiql.css";
import "./page.css";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { useEffect } from "react";
import { createRoot } from "react-dom/client";
import { readConfig, toTabContent } from "./config";
import { createFetcher } from "./fetcher";
import iconUrl from "./icon.svg";
import { createStorage, lastActiveTab } from "./storage";

const config = readConfig();
const defaultHeaders = config.headers && JSON.stringify(config.headers, null, 2);
const storage = createStorage(defaultHeaders);
const examples = config.tabs.map(toTabContent);
// GraphiQL opens the right tab by itself but leaves its variables out unless they are given.
const firstTab = lastActiveTab(storage) ?? examples[0];

// Monaco measures characters once, so the fonts have to be there before it.
const fonts = ['15px "Fira Code"', "15px Roboto"].map((font) => document.fonts.load(font));
await Promise.allSettled(fonts);

/**
 * Tells the open tab of the headers that its editor starts with. GraphiQL does so only when they
 * change; until then its history would hold the tab's operations without any.
 */
function InitialHeaders() {
  const headerEditor = useGraphiQL((state) => state.headerEditor);
  const { updateActiveTabValues } = useGraphiQLActions();
  useEffect(() => {
    if (headerEditor) {
      updateActiveTabValues({ headers: headerEditor.getValue() });
    }
  }, [headerEditor, updateActiveTabValues]);
  return null;
}

createRoot(document.getElementById("questline")!).render(
  <GraphiQL
    fetcher={createFetcher(config)}
    storage={storage}
    plugins={[HISTORY_PLUGIN, explorerPlugin()]}
    defaultTabs={examples.length > 0 ? examples : undefined}
    defaultHeaders={defaultHeaders ?? undefined}
    initialQuery={firstTab?.query ?? undefined}
    initialVariables={firstTab?.variables ?? ""}
    shouldPersistHeaders={false}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <span className="questline-logo">
        <img src={iconUrl} alt="" width="20" height="20" />
        Questline
      </span>
    </GraphiQL.Logo>
    <InitialHeaders />
  </GraphiQL>,
);
