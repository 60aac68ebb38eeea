"""From specs to a module graph: specs, manifests, integrity, lockfile, linker."""
