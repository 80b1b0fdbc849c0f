import { Trans } from "@lingui/react/macro";
import { Gauge, HardDrive } from "lucide-react";
import { Link } from "react-router";
import { useDownloadLimits } from "@/api/downloads";
import { useFormat } from "@/lib/format";

/** What slows the queue down or will stop it: a limit of the speed, which leads to where it is set; a full disk. */
export function Limits() {
  const { data } = useDownloadLimits();
  const format = useFormat();
  if (!data) return null;
  const tight = data.rooms.filter((room) => room.needed_bytes > room.free_bytes);
  return (
    <div className="mb-3 space-y-2 text-[13px]">
      <p className="flex items-center gap-2 text-ink-soft">
        <Gauge className="size-4 shrink-0" aria-hidden />
        <Link to="/settings#downloads" className="rounded hover:text-ink hover:underline">
          {data.bytes_per_second === null ? (
            <Trans>No limit of the speed</Trans>
          ) : data.is_scheduled ? (
            <Trans>At this time limited to {format.speed(data.bytes_per_second)}</Trans>
          ) : (
            <Trans>Limited to {format.speed(data.bytes_per_second)}</Trans>
          )}
        </Link>
      </p>
      {tight.map((room) => (
        <p key={room.path} role="alert" className="flex gap-2 rounded-lg bg-warn-soft px-3 py-2 text-warn">
          <HardDrive className="mt-0.5 size-4 shrink-0" aria-hidden />
          <Trans>
            {room.path} has {format.bytes(room.free_bytes)} free, and the queue still needs{" "}
            {format.bytes(room.needed_bytes)}.
          </Trans>
        </p>
      ))}
    </div>
  );
}
