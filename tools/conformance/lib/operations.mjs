/** The operations that several parts send. */
export const VIEWER = "{ viewer { user { id email } } }";
export const CREATE = `
  mutation Create($input: CreateQuestInput!) {
    createQuest(input: $input) { quest { id title status } errors { code message } }
  }
`;
export const FOLLOW = `
  subscription Follow($since: Long) {
    questChanged(since: $since) { seq event quest { id title status } }
  }
`;

/** Answers of an async iterator, each awaited for a bounded time. */
export async function next(answers) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("no event within 10 seconds")), 10_000);
  });
  try {
    const { value, done } = await Promise.race([answers.next(), late]);
    if (done) throw new Error("the stream ended early");
    return value;
  } finally {
    clearTimeout(timer);
  }
}
