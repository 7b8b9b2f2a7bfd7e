"""Values of a lab and judgements of what happened in it: frozen and pure, standard library only."""
