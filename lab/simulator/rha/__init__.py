"""The simulated Arcserve RHA."""
