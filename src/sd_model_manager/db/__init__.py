"""The database: how it is opened, its tables, and the migrations that bring an older one up to date."""
