"""The steps a drill is written with: one vocabulary in English and Japanese over the lab's ports."""
