"""Open-loop probes of each layer, and the measurement they make up."""
