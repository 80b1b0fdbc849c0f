import type { Install, ModelsFolder } from "@/api/engines";
import type { Mature } from "@/api/mature";
import type { Statistics } from "@/api/statistics";
import type {
  Browsable,
  Collection,
  Download,
  Facets,
  Folder,
  Found,
  Model,
  ModelDetail,
  Offer,
  RemoteFile,
  RemoteModel,
  RemoteVersion,
  SavedSearch,
  Setting,
  Task,
} from "@/api/types";
import type { KnownVersion, Update } from "@/api/updates";

const AT = "2026-05-01T12:00:00Z";

export function aModel(part: Partial<Model> = {}): Model {
  const id = part.id ?? 1;
  return {
    id,
    name: `Velvet Dreams ${id}`,
    filename: `velvet_dreams_${id}.safetensors`,
    path: `/models/loras/velvet_dreams_${id}.safetensors`,
    folder: "loras",
    size_bytes: 228_000_000,
    type: "lora",
    base_model: "SDXL 1.0",
    format: "safetensors",
    precision: "fp16",
    category: "active",
    sha256: "ab".repeat(32),
    autov3: null,
    preview_url: null,
    preview_media: null,
    trigger_words: [],
    tags: [],
    rating: null,
    favorite: false,
    added_at: AT,
    modified_at: AT,
    state: "present",
    published: null,
    duplicates: 0,
    has_update: false,
    mature_level: null,
    is_blurred: false,
    ...part,
  };
}

export function aModelDetail(part: Partial<ModelDetail> = {}): ModelDetail {
  const model = aModel(part);
  return {
    ...model,
    locations: [
      {
        id: 1,
        path: model.path,
        folder: model.folder,
        filename: model.filename,
        library_folder: "/models",
        category: "active",
        state: "present",
        size_bytes: model.size_bytes,
        modified_at: AT,
        found_at: AT,
      },
    ],
    identity: {
      type: model.type,
      family: "sdxl",
      base_model: model.base_model,
      variant: null,
      format: "safetensors",
      precision: "fp16",
      prediction: null,
      network: "lora",
      rank: 32,
      parameters: 115_000_000,
      trigger_words: [],
      confidence: 0.98,
      evidence: ["two text encoders"],
      candidates: [],
      problems: [],
    },
    hashes: {
      sha256: model.sha256,
      claimed_sha256: null,
      autov1: null,
      autov2: null,
      autov3: null,
      blake3: null,
      crc32: null,
      hashed_at: AT,
    },
    claimed_hashes: [],
    parts: [],
    own_match: null,
    lookup: null,
    provenance: {},
    description_html: null,
    claimed_notes: [],
    preferred_weight: null,
    header_metadata: { ss_network_dim: "32" },
    previews: [],
    sidecars: [],
    published_detail: null,
    user: {
      own_name: null,
      own_type: null,
      own_base_model: null,
      own_mature_level: null,
      own_tags: [],
      favorite: model.favorite,
      rating: model.rating,
      notes: "",
    },
    ...part,
  };
}

export const published = {
  source: "civitai",
  model_id: "1001",
  version_id: "9001",
  model_name: "Velvet Dreams",
  version_name: "v1",
  creator: "lumen",
  url: "https://civitai.com/models/1001",
};

type PublishedDetail = NonNullable<ModelDetail["published_detail"]>;

export function aPublishedDetail(part: Partial<PublishedDetail> = {}): PublishedDetail {
  return {
    ...published,
    base_model: null,
    licence: null,
    licence_terms: [],
    description_html: null,
    version_description_html: null,
    trigger_words: [],
    tags: [],
    images: [],
    nsfw_level: 1,
    mature_level: "pg",
    published_at: null,
    fetched_at: AT,
    ...part,
  };
}

export function aTask(part: Partial<Task> = {}): Task {
  return {
    task_id: "scan1",
    kind: "scan",
    state: "running",
    name: "Scan of /models",
    details: {},
    waits_details: {},
    done: 50,
    total: 200,
    unit: "files",
    per_second: 10,
    eta_seconds: 15,
    error: null,
    code: null,
    attempts: 1,
    created_at: AT,
    started_at: AT,
    finished_at: null,
    ...part,
  };
}

export function aDownload(part: Partial<Download> = {}): Download {
  return {
    ...aTask({ task_id: "download1", kind: "download", name: "Velvet Ink", unit: "bytes" }),
    url: "https://civitai.com/models/1001",
    priority: 0,
    path: null,
    sha256: null,
    model_id: null,
    bytes_done: 57_000_000,
    bytes_total: 228_000_000,
    is_hidden: false,
    ...part,
  };
}

export function anOffer(part: Partial<Offer> = {}): Offer {
  const file = {
    kind: "Model",
    type: "lora" as const,
    size_bytes: 228_000_000,
    format: "SafeTensor",
    precision: "fp16",
    sha256: null,
    is_primary: true,
    is_chosen: true,
    is_companion: false,
    is_pickle: false,
  };
  return {
    published: {
      source: "civitai",
      model_id: "1001",
      version_id: "9001",
      model_name: "Velvet Ink",
      version_name: "v2.0",
      creator: "akai_umi",
      url: "https://civitai.com/models/1001",
    },
    type: "lora",
    base_model: "Illustrious",
    description_html: null,
    trigger_words: [],
    images: [],
    nsfw_level: 1,
    licence: null,
    licence_terms: [],
    available_from: null,
    files: [
      { ...file, file_id: "11", name: "velvetInk.safetensors" },
      {
        ...file,
        file_id: "12",
        name: "velvetInk_full.ckpt",
        size_bytes: 456_000_000,
        is_primary: false,
        is_chosen: false,
      },
    ],
    path: "/models/loras/velvetInk.safetensors",
    size_bytes: 228_000_000,
    free_bytes: 210_000_000_000,
    needed_bytes: 228_000_000,
    on_disk: null,
    identity: null,
    warnings: [],
    ...part,
  };
}

export function aSetting(part: Partial<Setting> = {}): Setting {
  return {
    key: "downloads_at_once",
    value: 3,
    default: 3,
    description: "Downloads that run at the same time.",
    is_secret: false,
    is_set: true,
    is_locked: false,
    is_editable: true,
    needs_restart: false,
    choices: [],
    minimum: null,
    maximum: null,
    ...part,
  };
}

export function aFolder(part: Partial<Folder> = {}): Folder {
  return {
    id: 1,
    path: "/models",
    is_online: true,
    is_locked: false,
    models: 420,
    size_bytes: 812_000_000_000,
    free_bytes: 210_000_000_000,
    added_at: AT,
    scanned_at: AT,
    ...part,
  };
}

export function aMature(part: Partial<Mature> = {}): Mature {
  return { treatment: "blur", mature_from: "r", has_passphrase: false, is_locked: false, ...part };
}

export function aVersion(part: Partial<KnownVersion> = {}): KnownVersion {
  const version_id = part.version_id ?? "20";
  return {
    version_id,
    name: "v2.0",
    base_model: "SDXL 1.0",
    published_at: AT,
    access: "free",
    available_from: null,
    url: `https://civitai.com/models/7?modelVersionId=${version_id}`,
    ...part,
  };
}

export function anUpdate(part: Partial<Update> = {}): Update {
  return {
    id: 1,
    name: "Velvet Dreams 1",
    source: "civitai",
    published_model_id: "7",
    published_model_name: "Velvet Dreams",
    creator: "kaede",
    type: "lora",
    preview_url: null,
    preview_media: null,
    is_blurred: false,
    installed: aVersion({ version_id: "10", name: "v1.0", published_at: "2026-01-01T12:00:00Z" }),
    versions: [aVersion()],
    ...part,
  };
}

export function aCollection(part: Partial<Collection> = {}): Collection {
  return { id: 1, name: "Best of", notes: "", created_at: AT, models: 2, size_bytes: 456_000_000, cover: [], ...part };
}

export function aSearch({ wanted, ...part }: Partial<SavedSearch> = {}): SavedSearch {
  return {
    id: 1,
    name: "Large ones",
    position: 0,
    created_at: AT,
    wanted: { q: "", types: [], base_models: [], tags: [], category: null, folder: null, sort: null, ...wanted },
    ...part,
  };
}

export const someFacets: Facets = {
  type: [
    { value: "lora", count: 2 },
    { value: "checkpoint", count: 1 },
  ],
  base_model: [
    { value: "SDXL 1.0", count: 2 },
    { value: null, count: 1 },
  ],
  tag: [],
  category: [{ value: "active", count: 3 }],
  folder: [{ value: "loras", count: 3 }],
  total: 3,
};

const GB = 1_000_000_000;

export function someStatistics(part: Partial<Statistics> = {}): Statistics {
  return {
    total_count: 3,
    total_bytes: 8 * GB,
    copies_bytes: 228_000_000,
    shares: {
      type: [
        { value: "checkpoint", count: 1, size_bytes: 6 * GB },
        { value: "lora", count: 2, size_bytes: 2 * GB },
      ],
      base_model: [
        { value: "SDXL 1.0", count: 2, size_bytes: 7 * GB },
        { value: null, count: 1, size_bytes: GB },
      ],
      folder: [
        { value: "checkpoints", count: 1, size_bytes: 6 * GB },
        { value: "loras/style", count: 2, size_bytes: 2 * GB },
      ],
      precision: [
        { value: "fp16", count: 2, size_bytes: 7 * GB },
        { value: null, count: 1, size_bytes: GB },
      ],
      format: [{ value: "safetensors", count: 3, size_bytes: 8 * GB }],
      category: [{ value: "active", count: 3, size_bytes: 8 * GB }],
      state: [{ value: "present", count: 3, size_bytes: 8 * GB }],
      creator: [],
    },
    growth: [
      { value: "2026-03", count: 1, size_bytes: 6 * GB },
      { value: "2026-05", count: 2, size_bytes: 2 * GB },
    ],
    ...part,
  };
}

export function anInstall(part: Partial<Install> = {}): Install {
  const root = part.root ?? "/opt/ComfyUI";
  const folder: ModelsFolder = { path: `${root}/models`, models: 12, is_exact: true, state: "new" };
  return { engine: "comfyui", name: "ComfyUI", root, reads_paths: true, folders: [folder], ...part };
}

export function aBrowsable(part: Partial<Browsable> = {}): Browsable {
  return {
    source: "civitai",
    title: "Civitai",
    types: ["lora", "checkpoint"],
    base_models: ["Pony", "SDXL 1.0"],
    sorts: ["rating", "newest"],
    periods: ["week", "all"],
    has_tags: true,
    has_creators: true,
    has_levels: true,
    sorts_words: false,
    completes: true,
    ...part,
  };
}

export const huggingFace = aBrowsable({
  source: "huggingface",
  title: "Hugging Face",
  types: [],
  base_models: [],
  sorts: ["trending", "downloads"],
  periods: [],
  has_levels: false,
  sorts_words: true,
  completes: false,
});

export function aFound(part: Partial<Found> = {}): Found {
  const id = part.model_id ?? "7";
  return {
    source: "civitai",
    model_id: id,
    version_id: `${id}1`,
    name: `Quiet Harbour ${id}`,
    type: "lora",
    link: `https://civitai.com/models/${id}?modelVersionId=${id}1`,
    creator: "harbour_master",
    base_models: ["Pony"],
    nsfw_level: 1,
    picture: null,
    warnings: [],
    downloads: 1200,
    likes: 30,
    published_at: AT,
    here: [],
    ...part,
  };
}

export function aRemoteFile(part: Partial<RemoteFile> = {}): RemoteFile {
  return {
    file_id: "711",
    name: "harbour.safetensors",
    kind: "Model",
    type: "lora",
    size_bytes: 228_000_000,
    format: "SafeTensor",
    precision: "fp16",
    sha256: "cd".repeat(32),
    is_primary: true,
    is_pickle: false,
    here: null,
    ...part,
  };
}

export function aRemoteVersion(part: Partial<RemoteVersion> = {}): RemoteVersion {
  return {
    version_id: "71",
    name: "v2.0",
    type: "lora",
    base_model: "Pony",
    link: "https://civitai.com/models/7?modelVersionId=71",
    published_at: AT,
    available_from: null,
    description_html: null,
    trigger_words: ["harbour light"],
    files: [aRemoteFile()],
    images: [],
    warnings: [],
    here: [],
    ...part,
  };
}

export function aRemoteModel(part: Partial<RemoteModel> = {}): RemoteModel {
  return {
    source: "civitai",
    model_id: "7",
    name: "Quiet Harbour 7",
    type: "lora",
    creator: "harbour_master",
    description_html: "<p>Places at dusk.</p>",
    tags: ["style"],
    licence: "credit required",
    licence_terms: [],
    versions: [aRemoteVersion()],
    ...part,
  };
}
