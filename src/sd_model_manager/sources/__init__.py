"""Where models are published: one folder or file per source, each turning the source's words into ours."""
