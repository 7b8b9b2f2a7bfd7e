"""SIGKILL at random instants of drills on a lab in the role of a real site, and what is told and undone afterwards."""
