/** Tells Monaco where its workers are: files next to this one, named by the build. */

declare const WORKER_FILES: { editor: string; json: string; graphql: string };

Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker(_id: string, label: string): Worker {
      const file =
        label === "json" || label === "graphql" ? WORKER_FILES[label] : WORKER_FILES.editor;
      return new Worker(new URL(file, import.meta.url), { type: "module", name: label });
    },
  },
});
