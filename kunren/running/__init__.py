"""A run: the drills it has, what it is permitted, how it is performed and stopped, and its verdict."""
