"""CivArchive: a third party's memory of models that Civitai no longer shows, with links to copies elsewhere."""
