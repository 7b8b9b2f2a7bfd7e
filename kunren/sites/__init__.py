"""A site before and beside its drills: asked for, searched, checked, cleaned, and simulated."""
