import { render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { expect, test } from "vitest";
import { lazyPart } from "@/lib/lazy-part";

test("a part that could not be fetched is fetched again when the server answers", async () => {
  let tries = 0;
  const Part = lazyPart(async () => {
    tries += 1;
    if (tries === 1) throw new TypeError("Failed to fetch dynamically imported module");
    return { default: () => <p>Here it is</p> };
  });
  render(
    <Suspense>
      <Part />
    </Suspense>,
  );
  expect(await screen.findByText("Here it is")).toBeInTheDocument();
});
