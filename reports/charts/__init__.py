"""Pictures on the clock of the lab: what was available, the course of a drill, and a recovery cut into its parts."""
