"""The .NET types of the subset: their members, their text, their parsing."""
