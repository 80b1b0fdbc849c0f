import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { BrowsePeriod, BrowseSort } from "@/api/types";

export const SORT_NAMES: Record<BrowseSort, MessageDescriptor> = {
  trending: msg`Trending`,
  rating: msg`Highest rated`,
  downloads: msg`Most downloaded`,
  likes: msg`Most liked`,
  discussed: msg`Most discussed`,
  collected: msg`Most collected`,
  images: msg`Most pictures`,
  newest: msg`Newest first`,
  updated: msg`Last changed first`,
  oldest: msg`Oldest first`,
};

export const PERIOD_NAMES: Record<BrowsePeriod, MessageDescriptor> = {
  day: msg`Past day`,
  week: msg`Past week`,
  month: msg`Past month`,
  year: msg`Past year`,
  all: msg`All time`,
};

/** Bounds on maturity, by Civitai's names; without one the server holds to the settings of mature content. */
export const LEVEL_NAMES: Record<string, MessageDescriptor> = {
  "": msg`Maturity as set`,
  "1": msg`PG`,
  "3": msg`Up to PG-13`,
  "7": msg`Up to R`,
  "15": msg`Up to X`,
  "31": msg`Up to XXX`,
};
