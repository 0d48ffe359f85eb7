/** The browser's storage as GraphiQL sees it: under our own prefix, and never with headers. */
import type { Storage } from "@graphiql/toolkit";
import type { TabContent } from "./config";

// Services share an origin on localhost; another GraphiQL's tabs must not appear in ours.
const PREFIX = "questline:";
const TABS = "graphiql:tabState";
const HISTORY = ["graphiql:queries", "graphiql:favorites"];

/**
 * GraphiQL's history would keep each request's headers, the token among them. They are cut out
 * on the way in, and entries of the history come back with the page's default headers.
 */
export function createStorage(defaultHeaders: string | null): Storage {
  return {
    getItem(key) {
      const value = localStorage.getItem(PREFIX + key);
      return value && HISTORY.includes(key) ? replaceHeaders(value, defaultHeaders) : value;
    },
    setItem(key, value) {
      const keepsHeaders = key === TABS || HISTORY.includes(key);
      localStorage.setItem(PREFIX + key, keepsHeaders ? replaceHeaders(value, null) : value);
    },
    removeItem(key) {
      localStorage.removeItem(PREFIX + key);
    },
    clear() {
      for (const key of ownKeys()) {
        localStorage.removeItem(key);
      }
    },
    get length() {
      return ownKeys().length;
    },
  };
}

/** The tab that was open at the last visit, null at the first. */
export function lastActiveTab(storage: Storage): TabContent | null {
  const value = storage.getItem(TABS);
  if (!value) {
    return null;
  }
  const { tabs, activeTabIndex } = JSON.parse(value) as {
    tabs: TabContent[];
    activeTabIndex: number;
  };
  return tabs[activeTabIndex] ?? null;
}

/** Gives every tab or history entry in the JSON these headers. */
function replaceHeaders(json: string, headers: string | null): string {
  return JSON.stringify(JSON.parse(json), (_key, value: unknown) =>
    typeof value === "object" && value && "query" in value ? { ...value, headers } : value,
  );
}

function ownKeys(): string[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
}
