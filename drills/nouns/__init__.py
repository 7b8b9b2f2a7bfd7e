"""The things a drill is about, bound to its lab and its journal."""
