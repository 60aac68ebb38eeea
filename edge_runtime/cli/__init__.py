"""The `edge` command: one file per verb."""
