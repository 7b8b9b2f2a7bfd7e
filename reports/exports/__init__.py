"""Exports: a record in the forms that other programs read."""
