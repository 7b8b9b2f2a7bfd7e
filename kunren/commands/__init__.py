"""The commands, by what they are for; each loads its modules when called, so that `kunren --version` starts quickly."""
