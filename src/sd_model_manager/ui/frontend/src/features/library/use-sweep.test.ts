import { describe, expect, test } from "vitest";
import { cardsUnder } from "@/features/library/use-sweep";

const shape = { columns: 3, cardWidth: 100, cardHeight: 150, gap: 10 };

describe("the box that is drawn over cards", () => {
  test.each([
    ["touches the card it lies in", { left: 20, top: 20, width: 10, height: 10 }, [0]],
    ["touches all that it crosses", { left: 90, top: 140, width: 30, height: 40 }, [0, 1, 3, 4]],
    ["touches none in a gap", { left: 102, top: 0, width: 6, height: 90 }, []],
    ["ends with the last card", { left: 0, top: 310, width: 400, height: 900 }, [6, 7]],
    ["may begin outside", { left: -50, top: -50, width: 60, height: 60 }, [0]],
  ])("%s", (_, box, expected) => {
    expect(cardsUnder(box, shape as never, 8, 0)).toEqual(expected);
  });
});
