"""Records: planned and registered before a run, then sealed, verified, annotated, reported and compared."""
