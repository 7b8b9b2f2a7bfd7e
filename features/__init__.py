"""The drills as text: English and Japanese twins with the same file names and the same steps in the same order."""
