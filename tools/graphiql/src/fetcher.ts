/** Sends operations: HTTP with multipart for @defer and @stream, a socket for subscriptions. */
import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import type { GraphQLError } from "graphql";
import { type Client, createClient } from "graphql-ws";
import type { Config } from "./config";

const FORBIDDEN = 4403;

export function createFetcher({ endpoint, subscriptionUrl }: Config): Fetcher {
  const socketUrl = new URL(subscriptionUrl, location.href);
  socketUrl.protocol = socketUrl.protocol === "https:" ? "wss:" : "ws:";

  // A fetcher for each operation, because the headers tab becomes the socket's connection_init
  // payload; the socket itself opens only when a subscription starts.
  return (parameters, options) => {
    const wsClient = createSocketClient(socketUrl.href, options?.headers);
    return createGraphiQLFetcher({ url: endpoint, wsClient })(parameters, options);
  };
}

/** A client whose failures end a subscription with errors to read instead of an exception. */
function createSocketClient(url: string, connectionParams?: Record<string, unknown>): Client {
  const client = createClient({
    url,
    connectionParams,
    shouldRetry: (event) => event instanceof CloseEvent && event.code !== FORBIDDEN,
  });
  return {
    ...client,
    subscribe: (payload, sink) =>
      client.subscribe(payload, {
        ...sink,
        error(cause) {
          sink.next({ errors: toErrors(cause) as GraphQLError[] });
          sink.complete();
        },
      }),
  };
}

function toErrors(cause: unknown): { message: string }[] {
  if (Array.isArray(cause)) {
    return cause;
  }
  if (cause instanceof CloseEvent) {
    return [{ message: `The socket was closed with ${cause.code} ${cause.reason}`.trim() }];
  }
  return [{ message: cause instanceof Error ? cause.message : String(cause) }];
}
