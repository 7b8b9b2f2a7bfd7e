"""From the characters of a script to its tokens, from the tokens to its tree."""
