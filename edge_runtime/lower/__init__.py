"""From a checked tree to code objects and a frozen program."""
