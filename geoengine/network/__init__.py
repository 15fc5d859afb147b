"""What can be travelled: modes, street networks, places along them, and searches."""
