"""What the web map answers, by address."""
