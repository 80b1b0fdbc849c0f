"""Civitai: its REST API (v1), its links, its download endpoint and how it refuses."""
