import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { useNavigate } from "react-router";
import { createEventHandler, EventStream, eventsUrl } from "@/api/events";
import { isDownload, isFinal } from "@/api/tasks";
import type { Download, ServerEvent, Task } from "@/api/types";
import { Sentence } from "@/components/sentence";
import { EventStreamContext } from "@/features/status/connection";
import { withMessages } from "@/lib/locale";
import { toast } from "@/lib/toast";

const loadLanded = withMessages(() => import("@/features/downloads/landed"));

/** Keeps everything below current with what the server says, and tells of work that has come to its end. */
export function LiveUpdates({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const announceNow = useAnnounceEnd();
  const announce = useRef(announceNow);
  useEffect(() => {
    announce.current = announceNow;
  });
  const stream = useMemo(() => {
    const onEvent = createEventHandler(queryClient, {
      onEnd: (task) => announce.current(task),
      onNewVersion: () => window.location.reload(),
    });
    const onMessage = (event: ServerEvent) => {
      onEvent(event);
      if (event.type === "task" && event.task.kind === "enrich") hearOfLookUp(event.task);
    };
    return new EventStream(eventsUrl(window.location), onMessage, () => void queryClient.invalidateQueries());
  }, [queryClient]);
  useEffect(() => {
    stream.open();
    return () => stream.close();
  }, [stream]);
  return <EventStreamContext value={stream}>{children}</EventStreamContext>;
}

function hearOfLookUp(task: Task): void {
  const isNews = isFinal(task) || task.waits_because;
  if (isNews) void import("@/components/look-up/news").then(({ hear }) => hear(task));
}

function useAnnounceEnd(): (task: Task | Download) => void {
  const { t } = useLingui();
  const navigate = useNavigate();
  return (task) => {
    if (task.state === "cancelled" || task.kind === "enrich") return;
    if (task.state === "failed") {
      toast.error(isDownload(task) ? t`Not downloaded: ${task.name}` : t`Not finished: ${task.name}`, {
        description: <Sentence said={task} />,
        action: { label: t`Show it`, onClick: () => navigate(isDownload(task) ? "/downloads" : "/tasks") },
      });
    } else if (isDownload(task)) {
      void loadLanded().then(({ tellLanded }) => tellLanded(task, navigate));
    } else if (task.kind === "scan") {
      toast.success(t`Scan finished`);
    }
  };
}
