"""Finds models among very many: what lists filter and count by is kept in memory, words are looked up in an index."""
