"""Site files, RHA profiles and discovery files."""
