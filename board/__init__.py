"""The drill board: a local web page on which the people in the room follow a drill and are asked what to do."""
