"""From text to tree: quoted specs, imports, names bound."""
