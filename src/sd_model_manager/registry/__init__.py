"""What we know of every model. The only room with SQL about models."""
