import { Trans } from "@lingui/react/macro";
import { Button } from "@/components/button";
import { ErrorNotice } from "@/components/states";

interface ShowMoreProps {
  list: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: Error | null;
    fetchNextPage: () => unknown;
  };
}

/** Asks for the next page of a list, and says when that failed; nothing when there is none. */
export function ShowMore({ list }: ShowMoreProps) {
  if (!list.hasNextPage) return null;
  if (list.isFetchNextPageError && list.error && !list.isFetchingNextPage) {
    return <ErrorNotice error={list.error} onRetry={() => void list.fetchNextPage()} />;
  }
  return (
    <div className="text-center">
      <Button disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        <Trans>Show more</Trans>
      </Button>
    </div>
  );
}
