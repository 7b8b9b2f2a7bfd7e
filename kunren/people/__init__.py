"""People in a run: what they are asked at the terminal or on the drill board, and what they answer."""
