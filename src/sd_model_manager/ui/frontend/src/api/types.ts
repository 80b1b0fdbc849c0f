import type { components } from "@/api/schema";

type Schemas = components["schemas"];

export type Model = Schemas["ModelOut"];
export type ModelDetail = Schemas["ModelDetailOut"];
/** What the user says of a model; what is left out stays as it is. */
export type ModelChange = Schemas["UserChangeIn"];
export type ModelPage = Schemas["ModelPage"];
export type ModelType = Schemas["ModelType"];
export type MatureLevel = Schemas["MatureLevel"];
export type Category = Schemas["Category"];
export type Presence = Schemas["Presence"];
export type Facets = Schemas["FacetsOut"];
export type FacetValue = Schemas["FacetValue"];
export type Completion = Schemas["CompletionOut"];
/** What a list of models is narrowed to, as a saved search or a change of many models says it. */
export type Wanted = Schemas["FilterFields"];
export type SavedSearch = Schemas["SearchOut"];
export type SearchedFor = Schemas["SearchedForIn"];
export type Collection = Schemas["CollectionOut"];
/** What is said of many models at once. */
export type BulkChange = Schemas["BulkChangeIn"];
export type BulkResult = Schemas["BulkOut"];
export type Task = Schemas["TaskOut"];
export type TaskState = Schemas["TaskState"];
export type TaskCommand = Schemas["TaskCommand"];
export type Download = Schemas["DownloadOut"];
export type DownloadPage = Schemas["DownloadPage"];
export type DownloadRequest = Schemas["DownloadIn"];
export type Offer = Schemas["InspectOut"];
export type OfferedFile = Schemas["OfferedFile"];
/** A source that can be looked around in, and what it lets one ask. */
export type Browsable = Schemas["BrowsableOut"];
export type BrowseSort = Schemas["BrowseSort"];
export type BrowsePeriod = Schemas["BrowsePeriod"];
/** A published model as a source lists it. */
export type Found = Schemas["FoundOut"];
export type RemoteModel = Schemas["RemoteModelOut"];
export type RemoteVersion = Schemas["RemoteVersionOut"];
export type RemoteFile = Schemas["RemoteFileOut"];
export type RemoteImage = Schemas["RemoteImageOut"];
/** How a picture was made, besides its prompt. */
export type Generation = Schemas["GenerationOut"];
export type PictureText = Schemas["PictureTextOut"];
export type Setting = Schemas["SettingOut"];
export type Folder = Schemas["FolderOut"];
export type ScanProblem = Schemas["ScanProblemOut"];
/** What `/ws/events` says. */
export type ServerEvent = Required<Schemas["EventMessage"]>;
