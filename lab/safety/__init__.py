"""What keeps a drill from harming a lab."""
