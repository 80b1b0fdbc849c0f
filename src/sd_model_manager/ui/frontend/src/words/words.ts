import { CAUTIONS } from "@/words/cautions";
import { Facts, MissingFact, type Word } from "@/words/facts";
import { FAILURES, VAGUE } from "@/words/failures";
import { LICENCE_TERMS } from "@/words/licence";
import { PROBLEMS, SCAN_PROBLEMS } from "@/words/problems";
import type { Said } from "@/words/tell";

interface Worded {
  text: string;
  /** Whether the server's own sentence says more. */
  isVague: boolean;
}

type Teller = (said: Said) => Worded | undefined;

export interface Words {
  failure: Teller;
  caution: Teller;
  problem: Teller;
  scanProblem: Teller;
  licenceTerm: Teller;
}

export const WORDS: Words = {
  failure: tellerOf(FAILURES, VAGUE),
  caution: tellerOf(CAUTIONS),
  problem: tellerOf(PROBLEMS),
  scanProblem: tellerOf(SCAN_PROBLEMS),
  licenceTerm: tellerOf(LICENCE_TERMS),
};

/** None where a newer server has a code this page does not know, or an older one left out what the sentence names. */
function tellerOf(words: Record<string, Word>, vague: ReadonlySet<string> = new Set()): Teller {
  return ({ code, details }) => {
    const word = code ? words[code] : undefined;
    try {
      return word && { text: word(new Facts(details ?? {})), isVague: vague.has(code ?? "") };
    } catch (error) {
      if (error instanceof MissingFact) return undefined;
      throw error;
    }
  };
}
