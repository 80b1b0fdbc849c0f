"""Routes: each reads its input, asks one service, and presents the answer."""
