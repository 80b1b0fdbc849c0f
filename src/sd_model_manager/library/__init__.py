"""The files on the user's disks: found, looked into, hashed."""
