"""What the lab is made of and what happened in it: frozen values and pure judgements, standard library only."""
