"""Backups that only the holder of a key can read (docs/backups.md)."""
