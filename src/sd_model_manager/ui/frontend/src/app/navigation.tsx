import { useLingui } from "@lingui/react/macro";
import { Link, useLocation } from "react-router";
import { FurtherPlaces } from "@/app/further-places";
import { Count, placeClass } from "@/app/place-look";
import { isInside, PLACES, type Place, useCounts } from "@/app/places";
import { cn } from "@/lib/cn";

interface NavigationProps {
  /** Along the top of a wide window, or at the foot of a phone, where the thumb is. */
  look: "bar" | "foot";
  className: string;
}

export function Navigation({ look, className }: NavigationProps) {
  const { t } = useLingui();
  const counts = useCounts();
  return (
    <nav aria-label={t`Main`} className={className}>
      {PLACES.map((place) => (
        <PlaceLink
          key={place.to}
          place={place}
          count={counts[place.to] ?? 0}
          className={place.isFurther ? (look === "bar" ? "max-lg:hidden" : "hidden") : undefined}
        />
      ))}
      <FurtherPlaces className={look === "bar" ? "lg:hidden" : ""} counts={counts} />
    </nav>
  );
}

function PlaceLink({ place, count, className }: { place: Place; count: number; className?: string | undefined }) {
  const { t } = useLingui();
  const { pathname } = useLocation();
  const isHere = isInside(place, pathname);
  const Icon = place.icon;
  return (
    <Link to={place.to} aria-current={isHere ? "page" : undefined} className={cn(placeClass(isHere), className)}>
      <Icon className="size-5 sm:size-4 lg:max-xl:hidden" aria-hidden />
      {t(place.label)}
      <Count count={count} className="max-sm:absolute max-sm:top-1 max-sm:left-1/2 max-sm:ml-2" />
    </Link>
  );
}
