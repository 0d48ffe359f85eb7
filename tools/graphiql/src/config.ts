/** What the server writes into the page: where to send operations and what to open first. */

/** An example operation. The title becomes its first comment line: tabs show operation names. */
export interface ExampleTab {
  title: string;
  query: string;
  variables?: Record<string, unknown> | null;
}

export interface Config {
  endpoint: string;
  subscriptionUrl: string;
  headers: Record<string, string> | null;
  tabs: ExampleTab[];
}

export interface TabContent {
  query: string | null;
  variables: string | null;
}

export function readConfig(): Config {
  const block = document.getElementById("questline-config");
  return JSON.parse(block?.textContent ?? "") as Config;
}

export function toTabContent({ title, query, variables }: ExampleTab): TabContent {
  const text = query.trimStart();
  return {
    query: text.startsWith("#") ? text : `# ${title}\n\n${text}`,
    variables: variables ? JSON.stringify(variables, null, 2) : null,
  };
}
