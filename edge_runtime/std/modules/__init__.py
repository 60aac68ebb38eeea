"""One file for each standard package, named as it (`collections.abc` is `collections_abc.py`).

Each gives
- `SURFACE`: the names that are let through. Names that a Python version lacks are left out there.
- `OWN`: those of `SURFACE` that are the project's own and that CPython's module need not have.
- `patch(namespace, copies)`: what to change in the run's private copy of the module, as soon as it is made.
- `begin(copies)`: what to do when a run begins to have its copy, which may have been made before it (`../ahead.py`).
- `build(library)`: values that take the place of the module's own, for scripts only.

All but `SURFACE` are optional. Functions for scripts are made inside `patch` and `build`, anew for each run, so that no
run finds what another left on them. `annotationlib.py` and `numbers.py` are no packages for scripts: others use them.
"""
