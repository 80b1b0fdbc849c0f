import { expect, test } from "vitest";
import { ApiError } from "@/api/client";
import { createQueryClient } from "@/app/query-client";

test.each([
  ["a refusal is final", new ApiError("No.", "BAD_QUERY", 400), 1],
  ["a server that stumbles is asked again", new ApiError("Busy.", "DATABASE_LOCKED", 503), 3],
  ["a server that does not answer is asked again", new ApiError("Nobody.", "UNREACHABLE", 0), 3],
])("%s", async (_name, error, times) => {
  let asked = 0;
  const client = createQueryClient(2, () => undefined);
  const { queries, mutations } = client.getDefaultOptions();
  client.setDefaultOptions({ mutations, queries: { ...queries, retryDelay: 0 } });
  const query = client.fetchQuery({
    queryKey: ["x"],
    retry: queries?.retry, // a fetch outside of a component asks once unless told
    queryFn: () => {
      asked += 1;
      throw error;
    },
  });
  await expect(query).rejects.toBe(error);
  expect(asked).toBe(times);
});
